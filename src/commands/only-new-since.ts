import { existsSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { countOnlyNew, counts, type EarlierState } from '../core/only-new.ts';
import type { ReportFinding } from '../core/report.ts';
import { type EarlierTree, withEarlierTree } from '../sources/files/earlier-tree.ts';
import { filesSource } from '../sources/files/files-source.ts';
import { isPattern } from '../sources/files/gather.ts';
import { type MergeBase, mergeBase } from '../sources/files/merge-base.ts';
import type { Io } from './io.ts';
import { findingsOf, observe } from './judge.ts';
import type { CommonOptions, FilesChoice } from './options.ts';
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
        const world = { ...io, cwd: inTree(tree, placeIn(base, '.', cwd, true)) };
        mkdirSync(world.cwd, { recursive: true });
        const moved = movedInto(tree, options, places);
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
        if (config !== undefined && placeOf(base, config, cwd) === undefined) return policy;
        const named = config === undefined ? {} : { config: inTree(tree, placeIn(base, config, cwd)) };
        if (named.config !== undefined && !existsSync(named.config)) return readPolicy({}, [], world);
        try {
          return await readPolicy(named, configurationFolders(moved.paths, world), world);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          return policy;
        }
      }
    });
  };

  function movedInto(tree: EarlierTree, compared: Compared, placed: readonly string[]): Compared {
    const kept = paths.flatMap((path, index) => {
      const then = inTree(tree, placed[index] ?? '');
      if (isPattern(path) || existsSync(then)) return [isAbsolute(path) || !isBelow(cwd, base.root) ? then : path];
      // Where only what is in a folder is new, the folder is there, and empty.
      if (statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isDirectory() !== true) return [];
      mkdirSync(then, { recursive: true });
      return [isAbsolute(path) || !isBelow(cwd, base.root) ? then : path];
    });
    const beside = (files: readonly string[]) =>
      files.flatMap((file) => {
        const place = placeOf(base, file, cwd);
        const then = place === undefined ? resolve(cwd, file) : inTree(tree, place);
        return existsSync(then) ? [then] : [];
      });
    return {
      ...compared,
      paths: kept,
      definitions: beside(compared.definitions),
      charts: { ...compared.charts, values: beside(compared.charts.values) },
    };
  }
}

function earlierState(
  base: MergeBase,
  tree: EarlierTree,
  findings: readonly ReportFinding[],
  cwd: string,
): EarlierState {
  const thenOf = (file: string) => tree.renamed.get(file) ?? file;
  const nowOf = new Map([...tree.renamed].map(([now, then]) => [then, now] as const));
  const cwdThen = join(tree.folder, isBelow(cwd, base.root) ? relative(base.root, cwd) : '');
  const changed = new Map<string, boolean>();
  return {
    name: base.name,
    findings: findings.map((finding) => ({
      ...finding,
      message: finding.message.replaceAll(tree.folder, base.root),
    })),
    subjectOf({ subject, where }, state) {
      if (where === undefined || !('file' in where) || !subject.startsWith(where.file)) return subject;
      const file =
        state === 'now'
          ? relative(base.root, resolve(cwd, where.file))
          : relative(tree.folder, resolve(cwdThen, where.file));
      // Some are told by their place, and a line that is put in above moves that.
      const part = subject.slice(where.file.length).replace(/^(?::\d+){2}$/, '');
      return (state === 'now' ? file : (nowOf.get(file) ?? file)) + part;
    },
    isChanged(file) {
      const known = changed.get(file);
      if (known !== undefined) return known;
      const now = relative(base.root, resolve(cwd, file));
      const differs = !sameBytes(join(base.root, now), join(tree.folder, thenOf(now)));
      changed.set(file, differs);
      return differs;
    },
  };
}

function sameBytes(a: string, b: string): boolean {
  try {
    return readFileSync(a).equals(readFileSync(b));
  } catch {
    return false;
  }
}

/** The folder whose repository is asked: that of a pattern is what comes before it. */
function folderOf(path: string, cwd: string): string {
  const fixed = isPattern(path)
    ? path.split('/').slice(0, path.split('/').findIndex(isPattern)).join('/') || '.'
    : path;
  const absolute = resolve(cwd, fixed);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new UserError(`${path} cannot be read: it does not exist.`, { hint: 'Give a file or a folder.' });
  return stats.isDirectory() ? absolute : dirname(absolute);
}

/** Where a path stands below the root; undefined where it lies outside. */
function placeOf({ root }: MergeBase, path: string, cwd: string): string | undefined {
  const absolute = resolve(cwd, path);
  const parent = dirname(absolute);
  const candidates = [absolute, ...(existsSync(parent) ? [join(realpathSync(parent), basename(absolute))] : [])];
  const inside = candidates.find((candidate) => isBelow(candidate, root));
  return inside === undefined ? undefined : relative(root, inside);
}

function placeIn(base: MergeBase, path: string, cwd: string, orRoot = false): string {
  const place = placeOf(base, path, cwd);
  if (place !== undefined) return place;
  if (orRoot) return '';
  throw new UserError(
    `${path} lies outside the repository ${base.root}, so nothing tells what it was at ${base.name}.`,
    {
      hint: 'Judge it in a run of its own, without --changed-since.',
    },
  );
}

function inTree({ folder }: EarlierTree, place: string): string {
  return join(folder, place);
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root === '/' ? root : `${root}/`);
}
