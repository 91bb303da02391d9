import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';

/** Every way in which the disk is changed, one step each: between any two of them a run may end. */
export interface Disk {
  /** A new folder in one that exists. */
  makeFolder(folder: string): void;
  /** A new file, flushed when this returns. */
  writeFile(file: string, text: string, mode: number): void;
  /** In place of what is there, on the same file system. */
  move(from: string, to: string): void;
  /** With all that is in it; nothing where it does not exist. */
  remove(path: string): void;
  removeEmptyFolder(folder: string): void;
}

export const DISK: Disk = {
  makeFolder: (folder) => void mkdirSync(folder),
  writeFile: (file, text, mode) => {
    const descriptor = openSync(file, 'wx', mode);
    try {
      // Not writeSync, which may write a part and say so in a number only.
      writeFileSync(descriptor, text);
      // The mode of a secret is exact, whatever the umask; it can only take rights away from the others.
      if ((mode & 0o077) === 0) chmodSync(file, mode);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
  move: renameSync,
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  removeEmptyFolder: rmdirSync,
};
