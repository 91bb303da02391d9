import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort, until } from '../../../scripts/wait.ts';
import { startTestPostgres, startTestService, type TestPostgres } from '../harness.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const PATHS = ['/health/live', '/health/startup', '/health/ready'];

describe('the endpoints of health', () => {
  it('answer GET and HEAD alike, with a query or a slash behind, are never cached, and refuse other methods', async () => {
    const service = await startTestService({ databaseUrl: await postgres.createDatabase() });
    await until('it is ready', async () => (await service.get('/health/ready')).ok);
    for (const path of PATHS) {
      for (const spelling of [path, `${path}?verbose=1`, `${path}/`]) {
        const response = await service.get(spelling);
        expect(response.status, spelling).toBe(200);
        expect(response.headers.get('content-type')).toBe('application/health+json');
        expect(response.headers.get('cache-control')).toBe('no-store');
        const head = await service.get(spelling, { method: 'HEAD' });
        expect(head.status).toBe(200);
        expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(await response.text())));
        expect(await head.text()).toBe('');
      }
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
        const refused = await service.get(path, { method });
        expect(refused.status, method).toBe(405);
        expect(refused.headers.get('allow')).toBe('GET, HEAD');
        expect(refused.headers.get('content-type')).toBe('application/problem+json');
        expect(refused.headers.get('cache-control')).toBe('no-store');
      }
    }
  });

  it('say that it has started when the first attempt at the schema is over, and no sooner', async () => {
    const databaseUrl = await postgres.createDatabase();
    const holder = new pg.Client(databaseUrl);
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query('BEGIN; SELECT pg_advisory_xact_lock(7261034)');
    const service = await startTestService({ databaseUrl });
    const waiting =
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'qna-migrations'";
    await until(
      'it waits for its turn',
      async () => ((await postgres.query(waiting)) as pg.QueryResult).rowCount === 1,
    );
    const starting = await service.get('/health/startup');
    expect(starting.status).toBe(503);
    expect(await starting.json()).toEqual({ status: 'fail', notes: ['starting'] });
    expect((await service.get('/health/live')).status).toBe(200);
    expect((await service.get('/health/ready')).status).toBe(503);
    await holder.query('COMMIT');
    await until('it has started', async () => (await service.get('/health/startup')).ok);
    await until('it is ready', async () => (await service.get('/health/ready')).ok);
  });

  it('say that it has started without a database too, since a restart would not bring one', async () => {
    const service = await startTestService({ databaseUrl: `postgres://qna:pw@127.0.0.1:${await freePort()}/qna` });
    await until('it has started', async () => (await service.get('/health/startup')).ok);
    expect((await service.get('/health/ready')).status).toBe(503);
  });

  it('answer liveness quickly while the database is gone, and name no dependency in it', async () => {
    const service = await startTestService({ databaseUrl: `postgres://qna:pw@127.0.0.1:${await freePort()}/qna` });
    const times: number[] = [];
    for (let n = 0; n < 101; n += 1) {
      const started = performance.now();
      const response = await service.get('/health/live');
      expect(await response.text()).toBe('{"status":"pass"}');
      times.push(performance.now() - started);
    }
    // The median, since this machine may be busy with other tests; the benchmark looks at the tail.
    expect(times.toSorted((a, b) => a - b)[50]).toBeLessThan(10);
  });
});
