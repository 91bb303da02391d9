import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CACHE } from './cache.ts';
import { madeOnce } from './made-once.ts';

export const CHECKOV_VERSION = '3.3.30';
const PACKAGE = `checkov==${CHECKOV_VERSION}`;

/** The folder that Python finds Checkov in. */
export function checkovPackages(): Promise<string> {
  const hash = createHash('sha256').update(PACKAGE).digest('hex').slice(0, 16);
  return madeOnce(join(CACHE, 'binaries', `checkov-${hash}`), async (folder) => {
    process.stderr.write(`cluster: installing ${PACKAGE}; it is kept in ${CACHE}\n`);
    execFileSync(
      'python3',
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--target', folder, PACKAGE],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
  });
}
