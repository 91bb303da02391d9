import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { reasonOf, UserError } from '../core/errors.ts';

/** A file of the project as it is now. */
export interface ExistingFile {
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Reads a file of the project by its path with slashes; undefined where there is none. */
export type ReadFile = (path: string) => ExistingFile | undefined;

/** The project's folder as a reader that never leaves it. The folder itself need not exist yet. */
export function readerOf(root: string): ReadFile {
  refuseFileAsFolder(root);
  return (path) => {
    const file = locate(root, path);
    const stats = statsOf(file);
    if (stats === undefined) return undefined;
    try {
      return { text: readFileSync(file, 'utf8'), mode: stats.mode & 0o777 };
    } catch (cause) {
      throw new UserError(`${join(root, path)} cannot be read: ${reasonOf(cause)}.`, {
        hint: 'Change its permissions, or move it away.',
        cause,
      });
    }
  };
}

/**
 * Where a path of the project really lies, with links resolved. Refuses what leads out of the project, a file where a folder
 * should be, and anything that is neither.
 */
export function locate(root: string, path: string): string {
  if (statsOf(root) === undefined) return join(root, path);
  const home = realpathSync(root);
  const parts = path.split('/');
  let current = home;
  for (const [index, part] of parts.entries()) {
    const next = join(current, part);
    const link = statsOf(next, lstatSync);
    if (link === undefined) return join(current, ...parts.slice(index));
    current = link.isSymbolicLink() ? targetOf(next, home) : next;
    const stats = statSync(current);
    const isLast = index === parts.length - 1;
    if (!isLast && !stats.isDirectory())
      throw new UserError(`${next} is a file where a folder should be.`, { hint: 'Move that file away.' });
    if (isLast && !stats.isFile())
      throw new UserError(`${next} is no file, and a file should be there.`, { hint: 'Move it away.' });
  }
  return current;
}

function targetOf(link: string, home: string): string {
  let real: string;
  try {
    real = realpathSync(link);
  } catch (cause) {
    throw new UserError(`${link} is a symbolic link that leads nowhere.`, { hint: 'Remove the link.', cause });
  }
  if (real === home || real.startsWith(home.endsWith(sep) ? home : home + sep)) return real;
  throw new UserError(`${link} is a symbolic link that leads out of the project, to ${real}.`, {
    hint: 'Nothing is written through it: replace the link by a folder or a file.',
  });
}

/** The closest folder above that exists; the root of the file system always does. */
export function nearestFolder(path: string): string {
  return statsOf(path) === undefined ? nearestFolder(dirname(path)) : path;
}

function refuseFileAsFolder(root: string): void {
  const nearest = nearestFolder(root);
  if (!statSync(nearest).isDirectory())
    throw new UserError(`${nearest} is a file where the folder of the project should be.`, {
      hint: `Give a folder: qna-ready init ${dirname(nearest) === '.' ? basename(nearest) : dirname(nearest)}`,
    });
}

function statsOf(path: string, look: typeof statSync | typeof lstatSync = statSync): Stats | undefined {
  try {
    return look(path, { throwIfNoEntry: false });
  } catch (error) {
    // Something above it is a file, so it does not exist either.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw new UserError(`${path} cannot be looked at: ${reasonOf(error)}.`, {
      hint: 'Choose another folder, or change its permissions.',
      cause: error,
    });
  }
}
