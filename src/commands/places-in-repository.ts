import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import { isPattern } from '../sources/files/gather.ts';
import type { MergeBase } from '../sources/files/merge-base.ts';

/** The folder whose repository is asked: that of a pattern is what comes before it. */
export function folderOf(path: string, cwd: string): string {
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
export function placeOf({ root }: MergeBase, path: string, cwd: string): string | undefined {
  const absolute = resolve(cwd, path);
  const parent = dirname(absolute);
  const candidates = [absolute, ...(existsSync(parent) ? [join(realpathSync(parent), basename(absolute))] : [])];
  const inside = candidates.find((candidate) => isBelow(candidate, root));
  return inside === undefined ? undefined : relative(root, inside);
}

/** The same, with a UserError for one that lies outside. */
export function placeIn(base: MergeBase, path: string, cwd: string): string {
  const place = placeOf(base, path, cwd);
  if (place !== undefined) return place;
  throw new UserError(
    `${path} lies outside the repository ${base.root}, so nothing tells what it was at ${base.name}.`,
    {
      hint: 'Judge it in a run of its own, without --changed-since.',
    },
  );
}

/** Both are whole paths. */
export function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root === '/' ? root : `${root}/`);
}
