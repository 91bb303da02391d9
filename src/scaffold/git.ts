import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { SECRETS_FILE } from './gitignore.ts';
import { nearestFolder } from './tree.ts';

/** Refuses to write secrets where git sees them: to ignore a file does nothing once it is tracked. */
export function refuseTrackedSecrets(root: string): void {
  if (!isInRepository(root)) return;
  try {
    const listing = runGit(root, 'ls-files', '-z', '--cached', '--', SECRETS_FILE);
    if (listing === '') return;
  } catch (cause) {
    throw new UserError(`Whether git tracks ${SECRETS_FILE} cannot be told: git ls-files failed in ${root}.`, {
      hint: 'Secrets are not written until that is known: see what git status says there.',
      cause,
    });
  }
  throw new UserError(`${SECRETS_FILE} is tracked by git, so its secrets would be published with the next push.`, {
    hint: `Take it out with: git rm --cached ${SECRETS_FILE}. Then change every secret that is in it: history keeps them.`,
  });
}

function isInRepository(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true;
  return dirname(folder) !== folder && isInRepository(dirname(folder));
}

/** Whether any commit that git still has held the secrets, under this name. What history holds, a clone holds. */
export function secretsInHistory(root: string): string | undefined {
  if (!isInRepository(root)) return undefined;
  try {
    const commits = runGit(root, 'log', '--all', '--full-history', '--format=%h', '--max-count=1', '--', SECRETS_FILE);
    return commits.trim() === '' ? undefined : commits.trim();
  } catch {
    // A repository without a commit has no history.
    return undefined;
  }
}

/** The address of the remote that people push to. */
export function originOf(root: string): string | undefined {
  if (!isInRepository(root)) return undefined;
  try {
    return runGit(root, 'config', '--get', 'remote.origin.url').trim();
  } catch {
    return undefined;
  }
}

/** A repository's own configuration may name programs to run; what is asked here needs none of them. */
function runGit(root: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', ...args], {
    cwd: nearestFolder(root),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 20_000,
  });
}
