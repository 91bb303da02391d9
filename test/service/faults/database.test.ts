import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { startTestPostgres, startTestService, type TestPostgres } from '../harness.ts';
import { startServiceProcess } from '../service-process.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const QUESTION = 'How do I restore a backup?';

async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client(databaseUrl);
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

describe('a database that is killed in the middle of queries', () => {
  it('fails these questions with problem details, and neither the process nor the questions after', async () => {
    const databaseUrl = await postgres.createDatabase();
    const service = await startServiceProcess({ DATABASE_URL: databaseUrl });
    await service.ready();
    const holder = await connect(databaseUrl);
    for (let round = 0; round < 3; round += 1) {
      await holder.query('BEGIN; LOCK TABLE answers IN ACCESS EXCLUSIVE MODE');
      const asked = Array.from({ length: 8 }, () => service.ask(QUESTION));
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'qna'`;
      await until('all wait', async () => ((await postgres.query(waiting)) as pg.QueryResult).rowCount === 8);
      await postgres.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'qna%'");
      for (const response of await Promise.all(asked)) {
        expect([500, 503]).toContain(response.status);
        expect(response.headers.get('content-type')).toContain('application/problem+json');
        expect(await response.text()).not.toMatch(/57P01|terminat|postgres/);
      }
      await holder.query('ROLLBACK');
      await service.ready();
      expect((await service.ask(QUESTION)).status).toBe(200);
    }
    expect(service.child.exitCode).toBeNull();
    expect(service.stderr()).toBe('');
  });
});

describe('a disk that is full', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qna-full-disk-'));
  const mounted = mount(folder);
  afterAll(() => {
    if (mounted) execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(!mounted)(
    'fails what must be written, keeps the process and what was written, and all is well when there is room again',
    async () => {
      const place = join(folder, 'space');
      mkdirSync(place);
      const owner = execFileSync('stat', ['--format=%u:%g', String(await dataFolder())], { encoding: 'utf8' }).trim();
      execFileSync('chown', [owner, folder, place]);
      await postgres.query(`CREATE TABLESPACE small LOCATION '${place}'`);
      const databaseUrl = await postgres.createDatabase();
      await postgres.query(`ALTER DATABASE ${new URL(databaseUrl).pathname.slice(1)} SET TABLESPACE small`);
      const service = await startServiceProcess({ DATABASE_URL: databaseUrl });
      await service.ready();
      const kept = (await (await service.ask(QUESTION)).json()) as { id: string };
      const { bavail, bsize } = statfsSync(folder);
      const ballast = join(folder, 'ballast');
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
      await until('writing fails', async () => {
        const responses = await Promise.all(Array.from({ length: 20 }, () => service.ask(QUESTION)));
        return responses.some(({ status }) => status >= 500);
      });
      const refused = await service.ask(QUESTION);
      expect([500, 503]).toContain(refused.status);
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
      expect(await refused.text()).not.toMatch(/53100|space|extend/);
      expect(service.lines().some(({ err }) => JSON.stringify(err ?? '').includes('53100'))).toBe(true);
      expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
      expect(await (await fetch(`${service.url}/v1/answers/${kept.id}`)).json()).toMatchObject({ id: kept.id });
      rmSync(ballast);
      expect((await service.ask(QUESTION)).status).toBe(200);
      expect(service.stderr()).toBe('');
    },
  );

  async function dataFolder(): Promise<unknown> {
    const { rows } = (await postgres.query('SHOW data_directory')) as pg.QueryResult<{ data_directory: string }>;
    return rows[0]?.data_directory;
  }
});

describe('a clock that jumps', () => {
  afterAll(() => void vi.useRealTimers());

  it.each([
    ['a year ahead', 365 * 24 * 3_600_000],
    ['an hour back', -3_600_000],
  ])('%s changes no verdict, no deadline and no measure', async (_, jumpMs) => {
    const service = await startTestService({ databaseUrl: await postgres.createDatabase() });
    await until('it is ready', async () => (await service.get('/health/ready')).ok);
    expect((await service.ask(QUESTION)).status).toBe(200);
    const before = service.lines.length;
    const asked = service.ask(QUESTION);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + jumpMs });
    onTestFinished(() => void vi.useRealTimers());
    expect((await asked).status).toBe(200);
    expect((await service.ask(QUESTION)).status).toBe(200);
    const ready = await service.get('/health/ready');
    expect(ready.status).toBe(200);
    const page = await (await service.get('/metrics')).text();
    const sums = page.split('\n').filter((line) => /^(http|gen_ai)_\w*_seconds_sum/.test(line));
    expect(sums.length).toBeGreaterThan(0);
    for (const sum of sums) {
      expect(Number(sum.split(' ').at(-1)), sum).toBeGreaterThanOrEqual(0);
      expect(Number(sum.split(' ').at(-1)), sum).toBeLessThan(60);
    }
    expect(service.lines.slice(before).filter((line) => /"level":"(warn|error)"/.test(line))).toEqual([]);
  });
});

/** A file system of 32 MiB; only root can make one, and not in every container. */
function mount(folder: string): boolean {
  if (process.getuid?.() !== 0) {
    console.warn('A full disk is not tested: making a small file system needs root.');
    return false;
  }
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m,mode=755', 'tmpfs', folder], { stdio: 'pipe' });
    return true;
  } catch {
    console.warn('A full disk is not tested: no file system can be mounted here.');
    return false;
  }
}
