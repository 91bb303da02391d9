import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { listMigrations, type Migration, migrate, migrationOf } from '../../../service/database/migrations.ts';
import { createLogger } from '../../../service/telemetry/logging.ts';
import { createScrub } from '../../../service/telemetry/scrub.ts';
import { startTestPostgres, type TestPostgres } from '../harness.ts';
import { startServiceProcess } from '../service-process.ts';
import { startTcpProxy } from '../tcp-proxy.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const logger = createLogger({ level: 'fatal', scrub: createScrub([]) });
const FIRST = migrationOf('001-first.sql', 'CREATE TABLE first (id integer)');
const SECOND = migrationOf('002-second.sql', 'CREATE TABLE second (id integer)');

async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

async function appliedTo(databaseUrl: string): Promise<readonly string[]> {
  const client = await connect(databaseUrl);
  const { rows } = await client.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY name');
  return rows.map(({ name }) => name);
}

describe('four replicas on an empty database', () => {
  it('start at once: one of them migrates, each migration once, and all get ready without an error', async () => {
    const databaseUrl = await postgres.createDatabase();
    const replicas = await Promise.all(
      Array.from({ length: 4 }, () => startServiceProcess({ DATABASE_URL: databaseUrl })),
    );
    await Promise.all(replicas.map((replica) => replica.ready()));
    const applied = replicas.map((replica) => replica.lines().filter(({ msg }) => msg === 'migration applied').length);
    expect(applied.toSorted()).toEqual([0, 0, 0, listMigrations().length]);
    expect(await appliedTo(databaseUrl)).toEqual(listMigrations().map(({ name }) => name));
    for (const replica of replicas)
      expect(replica.lines().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });

  it('wait for whoever migrates, answer liveness meanwhile, and go on when it dies in the middle', async () => {
    const databaseUrl = await postgres.createDatabase();
    const holder = await connect(databaseUrl);
    await holder.query('BEGIN; SELECT pg_advisory_xact_lock(7261034); CREATE TABLE documents (half integer)');
    const replicas = await Promise.all(
      Array.from({ length: 4 }, () => startServiceProcess({ DATABASE_URL: databaseUrl })),
    );
    await until('all wait', async () => {
      const waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory'";
      return ((await postgres.query(waiting)) as pg.QueryResult).rowCount === 4;
    });
    for (const { url } of replicas) {
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    }
    holder.on('error', () => {});
    await postgres.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%half integer%' AND pid <> pg_backend_pid()",
    );
    await Promise.all(replicas.map((replica) => replica.ready()));
    expect(await appliedTo(databaseUrl)).toEqual(listMigrations().map(({ name }) => name));
  });
});

describe('migrations', () => {
  const apply = (databaseUrl: string, migrations: readonly Migration[]) => migrate(databaseUrl, logger, { migrations });

  it('are refused when one was changed after it was applied, and nothing is applied then', async () => {
    const databaseUrl = await postgres.createDatabase();
    await apply(databaseUrl, [FIRST]);
    const changed = migrationOf(FIRST.name, `${FIRST.sql} -- a thought that came later`);
    await expect(apply(databaseUrl, [changed, SECOND])).rejects.toThrow(
      '001-first.sql was changed after it was applied',
    );
    expect(await appliedTo(databaseUrl)).toEqual([FIRST.name]);
  });

  it('go forward only: none is put in before one that was applied', async () => {
    const databaseUrl = await postgres.createDatabase();
    await apply(databaseUrl, [SECOND]);
    await expect(apply(databaseUrl, [FIRST, SECOND])).rejects.toThrow('001-first.sql comes before 002-second.sql');
  });

  it('leave a newer schema alone, so that the version before can still run during a rollout', async () => {
    const databaseUrl = await postgres.createDatabase();
    await apply(databaseUrl, [FIRST, SECOND]);
    await apply(databaseUrl, [FIRST]);
    expect(await appliedTo(databaseUrl)).toEqual([FIRST.name, SECOND.name]);
  });

  it('are applied whole or not at all', async () => {
    const databaseUrl = await postgres.createDatabase();
    const broken = migrationOf('003-broken.sql', 'CREATE TABLE third (id integer); SELECT 1 / 0');
    await expect(apply(databaseUrl, [FIRST, SECOND, broken])).rejects.toThrow('division by zero');
    const client = await connect(databaseUrl);
    const { rows } = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    expect(rows).toEqual([]);
    await apply(databaseUrl, [FIRST, SECOND]);
  });

  it('can be given up at any moment, also while nothing answers', async () => {
    const databaseUrl = await postgres.createDatabase();
    const proxy = await startTcpProxy(databaseUrl);
    proxy.blackHole();
    const stopping = new AbortController();
    const migrating = migrate(proxy.through(databaseUrl), logger, { signal: stopping.signal });
    await until('it is connected', () => proxy.sent() > 0);
    const started = performance.now();
    stopping.abort(new Error('enough'));
    await expect(migrating).rejects.toThrow('enough');
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('are told as an error, once, where only another release can mend them, and the service is not ready', async () => {
    const databaseUrl = await postgres.createDatabase();
    const client = await connect(databaseUrl);
    const before = await startServiceProcess({ DATABASE_URL: databaseUrl });
    await before.ready();
    before.child.kill('SIGTERM');
    await before.ended;
    await client.query("UPDATE schema_migrations SET checksum = 'another'");
    const service = await startServiceProcess({ DATABASE_URL: databaseUrl });
    await until('it has started', async () => (await fetch(`${service.url}/health/startup`)).ok);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(503);
    const errors = service.lines().filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).toContain('was changed after it was applied');
  });
});
