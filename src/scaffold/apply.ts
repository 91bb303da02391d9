import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf, UserError } from '../core/errors.ts';
import { DISK, type Disk } from './disk.ts';
import type { FileWrite } from './plan.ts';
import { locate, nearestFolder } from './tree.ts';

const STAGING = 'staging-';

/**
 * Writes files in their order: all of them to a staging folder first, flushed, and only then each to its place by renaming.
 * What can be refused is refused before anything is touched, a full disk shows while nothing is in its place yet, and an
 * interruption leaves every file whole, the old one or the new.
 */
export function applyWrites(root: string, writes: readonly FileWrite[], disk: Disk = DISK): void {
  for (const { path } of writes) refuseUnwritable(root, path);
  const made: string[] = [];
  const staging = join(root, '.qna-ready', `${STAGING}${randomBytes(6).toString('hex')}`);
  try {
    removeAbandoned(dirname(staging), disk);
    if (writes.length === 0) return;
    makeFolder(staging, made, disk);
    // Whatever interrupts this, git must not see a staged secret.
    disk.writeFile(join(staging, '.gitignore'), '*\n', 0o644);
    for (const [index, { text, mode }] of writes.entries()) disk.writeFile(join(staging, String(index)), text, mode);
    for (const { path } of writes) makeFolder(dirname(locate(root, path)), made, disk);
  } catch (cause) {
    disk.remove(staging);
    removeEmpty(made, disk);
    throw new UserError(`The files cannot be written to ${root}: ${reasonOf(cause)}.`, {
      hint: 'Nothing was changed. Make room, or choose another folder.',
      cause,
    });
  }
  try {
    for (const [index, { path }] of writes.entries()) disk.move(join(staging, String(index)), locate(root, path));
  } catch (cause) {
    throw new UserError(`The files cannot all be put into their places: ${reasonOf(cause)}.`, {
      hint: 'Each file is whole, the old one or the new. Run the same command again.',
      cause,
    });
  } finally {
    disk.remove(staging);
  }
}

/** What a run that was killed had staged, a secret perhaps, is of no use to anybody. */
function removeAbandoned(folder: string, disk: Disk): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name.startsWith(STAGING)) disk.remove(join(folder, name));
}

function refuseUnwritable(root: string, path: string): void {
  const folder = nearestFolder(dirname(locate(root, path)));
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const isReadOnly = (cause as NodeJS.ErrnoException).code === 'EROFS';
    throw new UserError(`${folder} cannot be written to: ${isReadOnly ? 'it is read-only' : 'permission is denied'}.`, {
      hint: 'Change its permissions, or choose another folder. Nothing was changed.',
      cause,
    });
  }
}

/**
 * Remembers what it made, so that a failure leaves no empty folders behind. One folder at a time: where nothing can be made,
 * as in /proc, the recursive mkdir of Node.js tries for ever.
 */
function makeFolder(folder: string, made: string[], disk: Disk): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), made, disk);
  disk.makeFolder(folder);
  made.push(folder);
}

function removeEmpty(folders: readonly string[], disk: Disk): void {
  for (const folder of [...folders].sort((a, b) => b.length - a.length))
    try {
      disk.removeEmptyFolder(folder);
    } catch {
      // Something is in it by now, so it stays.
    }
}
