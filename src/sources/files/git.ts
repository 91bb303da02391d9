import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gitEnvironment } from './run-git.ts';

/** What git knows of a folder. */
export interface GitView {
  /** The folder that holds `.git`. */
  readonly root: string;
  /** Absolute paths of the files in the index; undefined where the git command is missing or fails. */
  readonly tracked: ReadonlySet<string> | undefined;
}

/** Asks git which files below a folder it tracks; undefined where the folder is in no repository. */
export function gitView(folder: string): GitView | undefined {
  const root = repositoryOf(resolve(folder));
  return root === undefined ? undefined : { root, tracked: trackedBelow(root) };
}

function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryOf(parent);
}

function trackedBelow(root: string): ReadonlySet<string> | undefined {
  try {
    // A repository's own configuration may name programs to run; reading the index needs none of them.
    const listing = execFileSync(
      'git',
      ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', 'ls-files', '-z', '--cached'],
      {
        cwd: root,
        env: gitEnvironment(),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 256 * 1024 * 1024,
        timeout: 20_000,
      },
    );
    return new Set(
      listing
        .split('\0')
        .filter((name) => name !== '')
        .map((name) => join(root, name)),
    );
  } catch {
    return undefined;
  }
}
