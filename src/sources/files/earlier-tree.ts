import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { MergeBase } from './merge-base.ts';
import { type GitAnswer, runGit } from './run-git.ts';

/** The files of a commit, in a folder of their own that is a repository as theirs is. */
export interface EarlierTree {
  readonly folder: string;
  /** Files that have moved since: today's path below the root, and the path that they had. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * Lends out the whole tree of a commit as files. They are written by git from its own objects into a repository without any
 * configuration, so that no filter and no hook of the reviewed one runs, and its index says what was tracked then.
 */
export async function withEarlierTree<T>(base: MergeBase, use: (tree: EarlierTree) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qna-ready-earlier-')));
  try {
    checkOut(base, folder);
    return await use({ folder, renamed: renamedSince(base) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkOut({ root, commit, name }: MergeBase, folder: string): void {
  const refuse = ({ complaint }: GitAnswer) => {
    throw new UserError(`The files of ${name} cannot be taken out of the repository: ${complaint}.`, {
      hint: 'A partial clone lacks them: clone without --filter.',
    });
  };
  const insist = (answer: GitAnswer): string => (answer.status === 0 ? answer.stdout.trim() : refuse(answer));
  const objects = resolve(root, insist(runGit(root, ['rev-parse', '--git-path', 'objects'])));
  const format = insist(runGit(root, ['rev-parse', '--show-object-format']));
  const env = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_OBJECT_DIRECTORY: objects };
  const init = ['init', '--quiet', '--template=', `--object-format=${format}`];
  // The new repository must have a store of its own to be one; the files come out of the old one.
  insist(runGit(folder, init, { ...env, GIT_OBJECT_DIRECTORY: join(folder, '.git/objects') }));
  insist(runGit(folder, ['read-tree', commit], env));
  insist(runGit(folder, ['checkout-index', '--all', '--force', '--quiet'], env));
}

/** From commit to index, so that a move counts once it is staged. */
function renamedSince({ root, commit }: MergeBase): ReadonlyMap<string, string> {
  const args = ['diff-index', '--cached', '-z', '--name-status', '--find-renames', '--diff-filter=R', commit];
  const { status, stdout } = runGit(root, args);
  if (status !== 0) return new Map();
  const [...fields] = stdout.split('\0');
  const renamed = new Map<string, string>();
  // Each is three fields: R and how alike they are, the old path and the new one.
  for (let at = 0; at + 2 < fields.length; at += 3) renamed.set(fields[at + 2] ?? '', fields[at + 1] ?? '');
  return renamed;
}
