import { resolve } from 'node:path';
import { filesSource } from '../sources/files/files-source.ts';
import type { Io } from './io.ts';
import { chosenChecks, conclude, observe } from './judge.ts';
import type { CommonOptions, FilesChoice } from './options.ts';
import { readPolicy } from './policy.ts';

export interface ValidateOptions extends CommonOptions, FilesChoice {
  readonly paths: readonly string[];
}

/** Judges files: no cluster, no network. */
export async function validate(options: ValidateOptions, io: Io): Promise<number> {
  const startedAt = io.now();
  const policy = await readPolicy(options, configurationFolders(options.paths, io), io);
  const checks = chosenChecks(options);
  const source = filesSource({ ...options, cwd: io.cwd, stdin: io.stdin });
  const snapshot = await observe(source, checks, io.signal);
  return conclude({ command: 'validate', checks, snapshots: [snapshot], startedAt }, options, policy, io);
}

/** A configuration belongs to the project that is judged, or to the place where the command runs. */
export function configurationFolders(paths: readonly string[], io: Pick<Io, 'cwd'>): readonly string[] {
  return [
    io.cwd,
    ...paths.filter((path) => path !== '-').flatMap((path) => [resolve(io.cwd, path), resolve(io.cwd, path, '..')]),
  ];
}
