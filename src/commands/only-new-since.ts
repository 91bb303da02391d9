import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { countOnlyNew, counts } from '../core/only-new.ts';
import type { ReportFinding } from '../core/report.ts';
import { type EarlierTree, withEarlierTree } from '../sources/files/earlier-tree.ts';
import { filesSource } from '../sources/files/files-source.ts';
import { isPattern } from '../sources/files/gather.ts';
import { mergeBase } from '../sources/files/merge-base.ts';
import { earlierState } from './earlier-state.ts';
import type { Io } from './io.ts';
import { findingsOf, observe } from './judge.ts';
import type { CommonOptions, FilesChoice } from './options.ts';
import { folderOf, isBelow, placeIn, placeOf } from './places-in-repository.ts';
import { configurationFolders, type Policy, readPolicy } from './policy.ts';

/** What is judged, now and at the earlier state. */
export interface Compared extends CommonOptions, FilesChoice {
  readonly paths: readonly string[];
}

/** Lets some findings of a run count no more. */
export type Narrowing = (findings: readonly ReportFinding[]) => Promise<readonly ReportFinding[]>;

/**
 * Leaves of a run what is new since the branch left `ref`. The files of that commit are judged too, with the configuration and the
 * waivers that they had, since no list of changed files tells what a change breaks: without its Secret an untouched
 * Deployment fails. Throws UserError at once where there is nothing to compare with.
 */
export function onlyNewSince(
  ref: string,
  options: Compared,
  {
    checks,
    startedAt,
    policy,
  }: { readonly checks: readonly Check[]; readonly startedAt: Date; readonly policy: Policy },
  io: Io,
): Narrowing {
  const { paths } = options;
  if (paths.includes('-'))
    throw new UserError(
      '--changed-since compares files with what they were, and standard input has no earlier state.',
      {
        hint: 'Name the files.',
      },
    );
  const cwd = realpathSync(io.cwd);
  const base = mergeBase(ref, folderOf(paths[0] ?? '.', cwd));
  const places = paths.map((path) => placeIn(base, path, cwd));
  return async (findings) => {
    // Where nothing is open, nobody need know what was open before.
    if (!findings.some(counts)) return findings;
    return withEarlierTree(base, async (tree) => {
      const then = await judgeThen();
      const narrowed = countOnlyNew(findings, earlierState(base, tree, then, cwd));
      const same = narrowed.filter((finding, index) => finding !== findings[index]).length;
      if (same > 0)
        io.stderr.write(
          `${same} ${same === 1 ? 'finding is' : 'findings are'} the same at ${base.name}, and not counted.\n`,
        );
      return narrowed;

      async function judgeThen(): Promise<readonly ReportFinding[]> {
        const world = { ...io, cwd: join(tree.folder, placeOf(base, '.', cwd) ?? '') };
        mkdirSync(world.cwd, { recursive: true });
        const moved = movedInto(tree);
        try {
          const policyThen = await policyOf(moved, world);
          const source = filesSource({ ...moved, cwd: world.cwd, stdin: io.stdin });
          const snapshot = await observe(source, checks, io.signal, options);
          tellGaps(snapshot);
          return findingsOf({ command: 'validate', checks, snapshots: [snapshot], startedAt }, policyThen);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          io.stderr.write(
            `Every finding counts as new, for at ${base.name}: ${error.message.replaceAll(tree.folder, base.root)}\n`,
          );
          return [];
        }
      }

      function tellGaps({ notSeen }: Snapshot): void {
        const [gap, ...more] = notSeen;
        if (gap === undefined) return;
        const others = more.length === 0 ? '' : `, and ${more.length} more`;
        io.stderr.write(
          `What is found in it counts as new, since it could not be read at ${base.name}: ${gap.what.replace(tree.folder, base.root)}${others}.\n`,
        );
      }

      /** The configuration of then, where it stands in the repository and was one. */
      async function policyOf(moved: Compared, world: Io): Promise<Policy> {
        const { config } = options;
        const used = config ?? policy.file;
        if (used !== undefined && placeOf(base, used, cwd) === undefined) return policy;
        const named = config === undefined ? {} : { config: join(tree.folder, placeIn(base, config, cwd)) };
        if (named.config !== undefined && !existsSync(named.config)) return readPolicy({}, [], world);
        // What lies beside the tree is the machine's, and not the repository's.
        const folders = configurationFolders(moved.paths, world).filter((folder) => isBelow(folder, tree.folder));
        try {
          return await readPolicy(named, folders, world);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          return policy;
        }
      }
    });
  };

  /** The same input in the tree of then, told by the same paths as far as that can be. */
  function movedInto(tree: EarlierTree): Compared {
    const pathsThen = paths.flatMap((path, index) => {
      const then = join(tree.folder, places[index] ?? '');
      const shown = isAbsolute(path) || !isBelow(cwd, base.root) ? then : path;
      if (isPattern(path) || existsSync(then)) return [shown];
      if (statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isDirectory() !== true) return [];
      // Where all that is in a folder is new, the folder is there, and empty.
      mkdirSync(then, { recursive: true });
      return [shown];
    });
    const beside = (files: readonly string[]) =>
      files.flatMap((file) => {
        const place = placeOf(base, file, cwd);
        const then = place === undefined ? resolve(cwd, file) : join(tree.folder, place);
        return existsSync(then) ? [then] : [];
      });
    const { definitions, charts } = options;
    return {
      ...options,
      paths: pathsThen,
      definitions: beside(definitions),
      charts: { ...charts, values: beside(charts.values) },
    };
  }
}
