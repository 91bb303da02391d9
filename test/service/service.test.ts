import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, until } from '../../scripts/wait.ts';
import { listMigrations } from '../../service/database/migrations.ts';
import { seriesOf, startTestPostgres, startTestService, type TestPostgres } from './harness.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

async function readyService(settings: Partial<Parameters<typeof startTestService>[0]> = {}) {
  const service = await startTestService({ databaseUrl: await postgres.createDatabase(), ...settings });
  await until('it is ready', async () => (await service.get('/health/ready')).ok);
  return service;
}

describe('answering', () => {
  it('answers from its documents without a provider, keeps the answer, and gives it again', async () => {
    const service = await readyService();
    const response = await service.ask('How do I restore a backup?');
    const answer = (await response.json()) as { id: string; answer: string; toolCalls: unknown };
    expect(response.status).toBe(200);
    expect(answer.answer).toContain('pg_restore');
    expect(answer.toolCalls).toEqual([{ name: 'search_documents', outcome: 'ok' }]);
    const again = (await (await service.get(`/v1/answers/${answer.id}`)).json()) as {
      answer: string;
      question: string;
    };
    expect(again).toMatchObject({ answer: answer.answer, question: 'How do I restore a backup?' });
  });

  it.each([
    ['no body', { body: null }, 400],
    ['no JSON', { body: 'question' }, 400],
    ['no question', { body: '{}' }, 400],
    ['an empty question', { body: '{"question": " "}' }, 400],
    ['a question that is too long', { body: JSON.stringify({ question: 'x'.repeat(5000) }) }, 400],
    ['a body that is too large', { body: JSON.stringify({ question: 'x'.repeat(50_000) }) }, 413],
    ['another method', { method: 'PUT' }, 405],
  ])('refuses %s with problem details', async (_, init, status) => {
    const service = await readyService();
    const response = await service.ask('', init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('x-powered-by')).toBeNull();
  });
});

describe('liveness and readiness', () => {
  it('hold, name the database in readiness only, and answer as probes and proxies expect', async () => {
    const service = await readyService();
    const live = await service.get('/health/live');
    expect(await live.json()).toEqual({ status: 'pass' });
    expect(live.headers.get('cache-control')).toBe('no-store');
    const ready = (await (await service.get('/health/ready?verbose')).json()) as { checks: object };
    expect(Object.keys(ready.checks)).toContain('database:connection');
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await service.get(path, { method: 'HEAD' })).status).toBe(200);
      const refused = await service.get(path, { method: 'DELETE' });
      expect(refused.status).toBe(405);
      expect(refused.headers.get('allow')).toBe('GET, HEAD');
    }
  });

  it.each([
    ['refuses connections', async () => `postgres://qna:pw@127.0.0.1:${await freePort()}/qna`],
    ['takes connections and never answers', async () => `postgres://qna:pw@127.0.0.1:${await blackHole()}/qna`],
    [
      'does not know the password',
      async () => (await postgres.createDatabase()).replace(/:[^:@]+@/, ':wrong-password@'),
    ],
  ])('say no within 900 ms while the database %s, and the process lives', async (_, databaseUrl) => {
    const service = await startTestService({ databaseUrl: await databaseUrl() });
    const started = performance.now();
    const ready = await service.get('/health/ready');
    expect(ready.status).toBe(503);
    expect(performance.now() - started).toBeLessThan(900);
    const body = await ready.text();
    expect(body).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|password|postgres:/);
    expect((await service.get('/health/live')).status).toBe(200);
  });

  it('turn to no when every connection is cut and the database is gone, and back when it returns; the process lives', async () => {
    const service = await readyService();
    await service.ask('Where are the metrics?');
    await postgres.query('ALTER DATABASE postgres CONNECTION LIMIT -1');
    await postgres.query("UPDATE pg_database SET datallowconn = false WHERE datname LIKE 'test_%'");
    await postgres.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'qna%'");
    await until('it is not ready', async () => (await service.get('/health/ready')).status === 503);
    expect((await service.get('/health/live')).status).toBe(200);
    await postgres.query("UPDATE pg_database SET datallowconn = true WHERE datname LIKE 'test_%'");
    await until('it is ready again', async () => (await service.get('/health/ready')).ok);
    expect((await service.ask('Where are the metrics?')).status).toBe(200);
  });

  it('cost the database one query however many ask', async () => {
    const service = await readyService();
    const answers = await Promise.all(Array.from({ length: 50 }, () => service.get('/health/ready')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('migrations', () => {
  it('are applied once when four replicas start together', async () => {
    const databaseUrl = await postgres.createDatabase();
    const replicas = await Promise.all(Array.from({ length: 4 }, () => startTestService({ databaseUrl })));
    for (const replica of replicas) await until('each is ready', async () => (await replica.get('/health/ready')).ok);
    const applied = replicas.flatMap(({ lines }) => lines).filter((line) => line.includes('migration applied'));
    expect(applied).toHaveLength(listMigrations().length);
    expect(replicas.flatMap(({ lines }) => lines).filter((line) => line.includes('"error"'))).toEqual([]);
  });
});

describe('metrics', () => {
  const KPIS = [
    'http_request_duration_seconds_count{method="POST",route="/v1/ask"}',
    'http_requests_total{method="POST",route="/v1/ask",status="200"}',
    'http_request_errors_total{method="POST",route="/v1/ask",error_type="server"}',
    'gen_ai_tool_calls_total{gen_ai_tool_name="search_documents",outcome="ok"}',
    'gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name="chat",gen_ai_provider_name="offline",gen_ai_request_model="extractive",error_type=""}',
  ];

  it('are all there at zero before the first request, in the type that Prometheus asks for', async () => {
    const service = await readyService();
    const response = await service.get('/metrics');
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const series of KPIS) expect(seriesOf(page, series), series).toBe(0);
    expect(page).not.toContain('nodejs_active_handles_total');
  });

  it('move by what was asked', async () => {
    const service = await readyService();
    for (let n = 0; n < 3; n += 1) await service.ask('Where are the metrics?');
    await service.ask('');
    const page = await (await service.get('/metrics')).text();
    expect(seriesOf(page, KPIS[0] ?? '')).toBe(4);
    expect(seriesOf(page, KPIS[1] ?? '')).toBe(3);
    expect(seriesOf(page, KPIS[3] ?? '')).toBe(3);
    expect(seriesOf(page, KPIS[4] ?? '')).toBe(3);
    expect(seriesOf(page, 'http_request_errors_total{method="POST",route="/v1/ask",error_type="client"}')).toBe(1);
  });

  it('grow by no series for paths and methods that nobody knows', async () => {
    const service = await readyService();
    const seriesNow = async () =>
      (await (await service.get('/metrics')).text()).split('\n').filter((line) => line.startsWith('http_')).length;
    await service.get('/first-unknown-path');
    const before = await seriesNow();
    for (let n = 0; n < 50; n += 1) await service.get(`/user-${n}/secret`);
    expect(await seriesNow()).toBe(before);
  });
});

describe('log lines', () => {
  it('are one JSON object each, with time, level by name and message, and go on with the trace of the caller', async () => {
    const service = await readyService();
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await service.ask('Where are the metrics?', {
      headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    await until('the request is logged', () => service.lines.some((line) => line.includes(traceId)));
    for (const line of service.lines) {
      const entry = JSON.parse(line) as { time: string; level: string; msg: string };
      expect(new Date(entry.time).toISOString()).toBe(entry.time);
      expect(['debug', 'info', 'warn', 'error', 'fatal']).toContain(entry.level);
      expect(entry.msg).not.toBe('');
    }
  });

  it('hold no secret, even when the driver speaks of it', async () => {
    const secret = 'c4nary-database-password';
    const service = await startTestService({
      databaseUrl: `postgres://qna:${secret}@127.0.0.1:${await freePort()}/qna`,
    });
    await service.get('/health/ready');
    await until('the failure is logged', () => service.lines.some((line) => line.includes('could not')));
    expect(service.lines.join('\n')).not.toContain(secret);
  });
});

describe('stopping', () => {
  it('finishes the answers that have begun, turns readiness off at once and keeps liveness on', async () => {
    const service = await readyService({ shutdownDelayMs: 300 });
    const asked = Array.from({ length: 10 }, () => service.ask('How do I restore a backup?'));
    const stopped = service.stop();
    expect((await service.get('/health/ready')).status).toBe(503);
    const live = await service.get('/health/live');
    expect(live.status).toBe(200);
    expect(live.headers.get('connection')).toBe('close');
    for (const response of await Promise.all(asked)) expect(response.status).toBe(200);
    expect(await stopped).toBe(true);
    await expect(service.get('/health/live')).rejects.toThrow();
  });
});

async function blackHole(): Promise<number> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  server.unref();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
