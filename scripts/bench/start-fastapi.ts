import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CACHE } from '../../test/cluster/cache.ts';
import { madeOnce } from '../../test/cluster/made-once.ts';
import { freePort, until } from '../wait.ts';
import { type Subject, subjectOf } from './subject.ts';

const PACKAGES = ['fastapi==0.165.0', 'uvicorn[standard]==0.54.0', 'prometheus-fastapi-instrumentator==8.1.0'];

/** FastAPI with its usual instrumentation, one process of uvicorn; undefined where Python or pip is missing. */
export async function startFastApi(): Promise<Subject | undefined> {
  const hash = createHash('sha256').update(PACKAGES.join()).digest('hex').slice(0, 16);
  const home = await madeOnce(join(CACHE, 'binaries', `fastapi-${hash}`), async (folder) => {
    must('python3', ['-m', 'venv', folder]);
    must(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
  }).catch((error: unknown) => {
    console.log(`FastAPI is not measured: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  });
  if (home === undefined) return undefined;
  const port = await freePort();
  const options = ['--host', '127.0.0.1', '--port', String(port), '--no-access-log', '--log-level', 'warning'];
  const child = spawn(
    join(home, 'bin/python'),
    ['-m', 'uvicorn', 'fastapi_service:app', '--app-dir', '.', ...options],
    {
      cwd: import.meta.dirname,
      env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const url = `http://127.0.0.1:${port}`;
  const listens = until('FastAPI listens', async () => (await fetch(`${url}/health/live`)).ok, 30_000);
  return subjectOf(
    'FastAPI',
    child,
    listens.then(() => url),
  );
}

function must(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr.slice(-300)}`);
}
