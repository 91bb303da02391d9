import { realpathSync } from 'node:fs';
import { UserError } from '../../core/errors.ts';
import { runGit } from './run-git.ts';

/** The commit that a branch left, and the repository that has it. */
export interface MergeBase {
  /** The top folder of the working tree, without links. */
  readonly root: string;
  readonly commit: string;
  /** For people: `origin/main (1a2b3c4d)`. */
  readonly name: string;
}

const WHOLE_HISTORY =
  'Fetch the whole history: fetch-depth: 0 of actions/checkout, GIT_DEPTH: "0" in GitLab, or git fetch --unshallow.';

/**
 * Finds the best common ancestor of HEAD and a ref, in the repository of a folder: what a pull request is compared with. Throws
 * UserError where there is none, and says why.
 */
export function mergeBase(ref: string, folder: string): MergeBase {
  // No ref begins so, and git would take it for an option.
  if (!/^[^-\s\p{Cc}][^\s\p{Cc}]*$/u.test(ref))
    throw new UserError(`${JSON.stringify(ref)} is not the name of a commit, a branch or a tag.`, {
      hint: 'Give the branch that the change goes to: --changed-since origin/main.',
    });
  const root = repositoryOf(folder);
  const isShallow = ask(root, ['rev-parse', '--is-shallow-repository']) === 'true';
  const wanted = commitOf(root, ref);
  if (wanted === undefined)
    throw new UserError(`The repository ${root} knows no ${ref}.`, {
      hint: isShallow
        ? `The clone is shallow. ${WHOLE_HISTORY}`
        : `Fetch it first: git fetch origin; a branch of the remote is called origin/${ref.replace(/^origin\//, '')}.`,
    });
  if (commitOf(root, 'HEAD') === undefined)
    throw new UserError(
      `The repository ${root} has no commit yet on its branch, so nothing has changed since ${ref}.`,
      {
        hint: 'Leave --changed-since out for the first commit.',
      },
    );
  const commit = ask(root, ['merge-base', 'HEAD', wanted]);
  if (commit === undefined || commit === '')
    throw new UserError(`HEAD and ${ref} have no commit in common.`, {
      hint: isShallow ? `The clone is shallow. ${WHOLE_HISTORY}` : 'Give a ref that the branch has come from.',
    });
  return { root, commit, name: `${ref} (${commit.slice(0, 8)})` };
}

function repositoryOf(folder: string): string {
  const { status, stdout, complaint } = runGit(folder, ['rev-parse', '--show-toplevel']);
  if (status === 0 && stdout !== '\n') return realpathSync(stdout.replace(/\n$/, ''));
  if (/dubious ownership/.test(complaint))
    throw new UserError(`git refuses the repository of ${folder}, since it belongs to another user.`, {
      hint: `Trust it: git config --global --add safe.directory '${folder}'.`,
    });
  throw new UserError(`${folder} is in no git repository with a working tree, so nothing tells what has changed.`, {
    hint: 'Leave --changed-since out, or run it in a clone.',
  });
}

function commitOf(root: string, ref: string): string | undefined {
  return ask(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
}

function ask(root: string, args: readonly string[]): string | undefined {
  const { status, stdout } = runGit(root, args);
  return status === 0 ? stdout.trim() : undefined;
}
