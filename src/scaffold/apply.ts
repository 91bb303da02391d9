import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { reasonOf, UserError } from '../core/errors.ts';
import type { PlannedFile } from './plan.ts';

/** Writes what was planned. Everything that can be refused is refused before the first file is touched. */
export function apply(root: string, planned: readonly PlannedFile[]): void {
  const changes = planned.filter(({ action }) => action === 'create' || action === 'update');
  if (changes.length === 0) return;
  mkdirOrRefuse(root);
  const home = realpathSync(root);
  for (const { path } of changes) refuseUnwritable(home, path);
  for (const { path, content, mode } of changes) {
    mkdirOrRefuse(dirname(join(home, path)));
    writeWhole(join(home, path), content, mode);
  }
}

/** The closest folder that exists must lie in the project and take a new entry; a link could lead elsewhere. */
function refuseUnwritable(home: string, path: string): void {
  const target = join(home, path);
  if (existsAsLink(target))
    throw new UserError(`${path} is a symbolic link, and what it leads to is not written through it.`, {
      hint: 'Replace the link by the file itself, or remove it.',
    });
  let folder = dirname(target);
  while (!exists(folder)) folder = dirname(folder);
  if (!statSync(folder).isDirectory())
    throw new UserError(`${path} cannot be written: ${folder} is a file where a folder should be.`, {
      hint: 'Move that file away.',
    });
  const real = realpathSync(folder);
  if (real !== home && !real.startsWith(home + sep))
    throw new UserError(`${path} cannot be written: ${folder} leads out of the project, to ${real}.`, {
      hint: 'Replace the link by a folder.',
    });
  try {
    accessSync(real, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new UserError(`${path} cannot be written: permission to write in ${folder} is denied.`, {
      hint: 'Change its permissions, or choose another folder.',
      cause,
    });
  }
}

/** A reader sees the old file or the new one, never a part: written beside it, flushed, and renamed. */
function writeWhole(target: string, content: string, mode: number): void {
  const partial = `${target}.${process.pid}.partial`;
  try {
    const descriptor = openSync(partial, 'wx', mode);
    try {
      writeSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(partial, target);
  } catch (cause) {
    rmSync(partial, { force: true });
    throw new UserError(`${target} cannot be written: ${reasonOf(cause)}.`, {
      hint: 'What was written before it is whole; run the same command again when this is mended.',
      cause,
    });
  }
}

function mkdirOrRefuse(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new UserError(`The folder ${folder} cannot be made: ${reasonOf(cause)}.`, {
      hint: 'Choose another folder.',
      cause,
    });
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function existsAsLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
