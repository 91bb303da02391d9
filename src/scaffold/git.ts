import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { SECRETS_FILE } from './gitignore.ts';

/** Refuses to write secrets where git sees them: to ignore a file does nothing once it is tracked. */
export function refuseTrackedSecrets(root: string): void {
  if (!isInRepository(root)) return;
  try {
    // A repository's own configuration may name programs to run; reading the index needs none of them.
    const options = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
    const listing = execFileSync('git', [...options, 'ls-files', '-z', '--cached', '--', SECRETS_FILE], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    });
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
