import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort, until } from '../../../scripts/wait.ts';
import { startTestPostgres, startTestService, type TestPostgres, type TestService } from '../harness.ts';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

interface Place {
  readonly proxy: TcpProxy;
  readonly database: string;
  readonly role: string;
  /** Asks as the administrator, in the database of the service. */
  query(sql: string): Promise<unknown>;
  /** Cuts every connection of the service, as a failover does. */
  cut(): Promise<unknown>;
}

/** A service that is ready, on a database and a role of its own, by way of a proxy. */
async function readyService(
  settings: Partial<Parameters<typeof startTestService>[0]> = {},
): Promise<{ service: TestService; place: Place }> {
  const url = new URL(await postgres.createDatabase());
  const database = url.pathname.slice(1);
  const role = `role_${database}`;
  await postgres.query(`CREATE ROLE ${role} LOGIN PASSWORD 'first'`);
  await postgres.query(`ALTER DATABASE ${database} OWNER TO ${role}`);
  const admin = new pg.Client(url.href);
  await admin.connect();
  onTestFinished(() => admin.end());
  url.username = role;
  url.password = 'first';
  const proxy = await startTcpProxy(url.href);
  const service = await startTestService({ databaseUrl: proxy.through(url.href), ...settings });
  await until('it is ready', async () => (await service.get('/health/ready')).ok);
  const query = (sql: string) => admin.query(sql);
  const cut = () => query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
  return { service, place: { proxy, database, role, query, cut } };
}

describe('readiness', () => {
  it.each<[string, (place: Place) => unknown, (place: Place) => unknown]>([
    ['is a black hole', ({ proxy }) => proxy.blackHole(), ({ proxy }) => proxy.mend()],
    ['refuses connections', ({ proxy }) => proxy.refuse(), ({ proxy }) => proxy.mend()],
    ['answers too slowly', ({ proxy }) => proxy.slow(2_000), ({ proxy }) => proxy.mend()],
    [
      'does not take the password any more',
      async ({ role, query, cut }) => {
        await query(`ALTER ROLE ${role} PASSWORD 'second'`);
        await cut();
      },
      ({ role, query }) => query(`ALTER ROLE ${role} PASSWORD 'first'`),
    ],
    [
      'takes no writes',
      async ({ database, query, cut }) => {
        await query(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
        await cut();
      },
      async ({ database, query, cut }) => {
        await query(`ALTER DATABASE ${database} RESET default_transaction_read_only`);
        await query('SET default_transaction_read_only = off');
        await cut();
      },
    ],
    [
      'has an older schema than this version needs',
      ({ query }) => query("UPDATE schema_migrations SET name = 'x' || name WHERE name LIKE '002%'"),
      ({ query }) => query("UPDATE schema_migrations SET name = substr(name, 2) WHERE name LIKE 'x%'"),
    ],
    [
      'has another schema under the same names',
      ({ query }) => query("UPDATE schema_migrations SET checksum = 'x' || checksum"),
      ({ query }) => query('UPDATE schema_migrations SET checksum = substr(checksum, 2)'),
    ],
  ])('is no, within 900 ms each time, while the database %s, and yes within 2 s after', async (_, spoil, mend) => {
    const { service, place } = await readyService();
    await spoil(place);
    await until('it is not ready', async () => (await service.get('/health/ready')).status === 503, 2_500);
    for (let n = 0; n < 2; n += 1) {
      // Long enough that each is a check of its own, and not the memory of the one before.
      await until('a new check is due', dueAgain());
      const started = performance.now();
      const response = await service.get('/health/ready');
      expect(performance.now() - started).toBeLessThan(900);
      expect(response.status).toBe(503);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ status: 'fail' });
      expect(text).not.toMatch(/127\.0\.0\.1|ECONN|password|postgres|role_|first|second/);
      expect((await service.get('/health/live')).status).toBe(200);
    }
    await mend(place);
    const mended = performance.now();
    await until('it is ready again', async () => (await service.get('/health/ready')).ok, 3_000);
    expect(performance.now() - mended).toBeLessThan(2_000);
    const warnings = service.lines.filter((line) => line.includes('"warn"') && line.includes('not ready'));
    expect(warnings.length).toBeLessThanOrEqual(3);
  });

  it('costs the database a query a second at most, however many ask', async () => {
    const { service, place } = await readyService();
    const before = place.proxy.sent();
    const started = performance.now();
    let asked = 0;
    while (performance.now() - started < 2_500) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => service.get('/health/ready')));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      asked += answers.length;
    }
    expect(asked).toBeGreaterThan(100);
    expect(place.proxy.sent() - before).toBeLessThanOrEqual(Math.ceil((performance.now() - started) / 1_000) + 1);
  });

  it('stays, with a warning, while every connection of the pool is taken', async () => {
    const { service, place } = await readyService({ databasePoolSize: 2 });
    await place.query('BEGIN; LOCK TABLE answers IN ACCESS EXCLUSIVE MODE');
    const asked = Array.from({ length: 6 }, () => service.ask('Where are the metrics?'));
    await until('the pool is exhausted', async () => {
      const response = await service.get('/health/ready');
      expect(response.status).toBe(200);
      return ((await response.json()) as { status: string }).status === 'warn';
    });
    await place.query('ROLLBACK');
    for (const response of await Promise.all(asked)) expect(response.status).toBe(200);
    expect(await (await service.get('/health/ready')).json()).toMatchObject({ status: 'pass' });
  });

  it.each([
    [false, 200, 'warn'],
    [true, 503, 'fail'],
  ])('where a failing provider is said to count (%s) is %i', async (readinessRequiresProvider, status, word) => {
    const { service } = await readyService({
      readinessRequiresProvider,
      provider: { apiKey: 'k', baseUrl: `http://127.0.0.1:${await freePort()}/v1`, model: 'm' },
    });
    await until('the failures are noticed', async () => {
      await service.ask('Where are the metrics?');
      const body = (await (await service.get('/health/ready')).json()) as { status: string };
      return body.status === word;
    });
    expect((await service.get('/health/ready')).status).toBe(status);
    expect((await service.get('/health/live')).status).toBe(200);
  });
});

/** Answers yes once a second has passed. */
function dueAgain(): () => boolean {
  const started = performance.now();
  return () => performance.now() - started > 1_000;
}
