import { connect } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { seriesOf, startTestPostgres, type TestPostgres } from '../harness.ts';
import { type LogLine, type ServiceProcess, startReadyService } from '../service-process.ts';
import { startTcpProxy } from '../tcp-proxy.ts';
import { startSteadyLoad } from './steady-load.ts';

const LONG_ANSWER_MS = 1_500;

let postgres: TestPostgres;
let provider: LLMock;
beforeAll(async () => {
  postgres = await startTestPostgres();
  provider = new LLMock({ port: 0 });
  provider.on({ userMessage: 'slowly' }, { content: 'at last' }, { chaos: { latencyMs: LONG_ANSWER_MS } });
  provider.on({ userMessage: 'for ever' }, { content: 'never' }, { chaos: { latencyMs: 20_000 } });
  provider.on({ userMessage: 'quickly' }, { content: 'at once' });
  await provider.start();
});
afterAll(async () => {
  await provider.stop();
  await postgres.stop();
});

const start = async (env: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> =>
  startReadyService({ databaseUrl: await postgres.createDatabase(), providerUrl: provider.url }, env);

/** Questions whose answers take long, once all of them are being made. */
async function askLong(
  service: ServiceProcess,
  count: number,
  question = 'Answer slowly',
  accept = 'application/json',
  inAll = count,
): Promise<{ readonly asked: readonly Promise<Response>[] }> {
  const asked = Array.from({ length: count }, () =>
    service.ask(question, { headers: { 'content-type': 'application/json', accept } }),
  );
  for (const each of asked) each.catch(() => {});
  await until('all are under way', async () => {
    const page = await (await fetch(`${service.url}/metrics`)).text();
    return (seriesOf(page, 'http_requests_in_progress') ?? 0) >= inAll;
  });
  return { asked };
}

describe('the order to stop', () => {
  it('fails no request under load and with long answers under way', async () => {
    const shutdownDelayMs = 1_000;
    const service = await start({ SHUTDOWN_DELAY_MS: String(shutdownDelayMs) });
    const loads = [
      startSteadyLoad({ url: `${service.url}/v1/ask`, perSecond: 25, body: { question: 'Answer quickly' } }),
      startSteadyLoad({ url: `${service.url}/v1/answers/00000000-0000-0000-0000-000000000000`, perSecond: 25 }),
    ];
    await until('the load flows', () => loads.every(({ answered }) => answered.length > 20));
    const { asked: long } = await askLong(service, 5);
    const { asked: streams } = await askLong(service, 5, 'Answer slowly', 'text/event-stream', 10);
    const asking = performance.now();
    await until('readiness answers', async () => (await fetch(`${service.url}/health/ready`)).status === 200);
    const answerMs = performance.now() - asking;
    const ordered = performance.now();
    service.child.kill('SIGTERM');
    await until('readiness is off', async () => (await fetch(`${service.url}/health/ready`)).status === 503);
    const off = performance.now();
    // Beside what the machine needs at this moment for an answer, of which the wait may hold two.
    expect(off - ordered - 2 * answerMs).toBeLessThan(50);
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    // A balancer learns of it late, and still sends for a while.
    await until('a balancer has learned of it', () => performance.now() - off > shutdownDelayMs / 2);
    await Promise.all(loads.map((load) => load.stop()));
    for (const response of await Promise.all(long)) {
      expect(response.status).toBe(200);
      expect(response.headers.get('connection')).toBe('close');
      expect(await response.json()).toMatchObject({ answer: 'at last' });
    }
    for (const response of await Promise.all(streams)) {
      expect(response.headers.get('connection')).toBe('close');
      expect(await response.text()).toMatch(/^event: token.*event: done\ndata: [^\n]*at last[^\n]*\n\n$/s);
    }
    expect(await service.ended).toBe(0);
    expect(performance.now() - ordered).toBeLessThan(shutdownDelayMs + LONG_ANSWER_MS + 500);
    for (const { answered, failed } of loads) {
      expect(failed).toEqual([]);
      expect(new Set(answered.map(({ status }) => status)).size).toBe(1);
      const late = answered.filter(({ at }) => at > off);
      expect(late.length).toBeGreaterThan(5);
      for (const { connection } of late) expect(connection).toBe('close');
    }
    const { underWay, answered, cut } = lineOf(service, 'stopping: drained');
    expect(underWay).toBeGreaterThanOrEqual(10);
    expect(answered).toBeGreaterThanOrEqual(Number(underWay));
    expect(cut).toBe(0);
    expect(service.stderr()).toBe('');
  });

  it('cuts off what outlasts the drain, says how much, and ends with 1', async () => {
    const service = await start({ DRAIN_MS: '300' });
    const { asked } = await askLong(service, 1, 'Answer for ever');
    const ordered = performance.now();
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(1);
    expect(performance.now() - ordered).toBeLessThan(300 + 2_000);
    expect(lineOf(service, 'stopping: drained')).toMatchObject({ underWay: 1, answered: expect.any(Number), cut: 1 });
    const status = await asked[0]?.then(
      (response) => response.status,
      () => 0,
    );
    expect(status).not.toBe(200);
  });

  it('ends it at once when it comes twice', async () => {
    const service = await start();
    await askLong(service, 1, 'Answer for ever');
    service.child.kill('SIGTERM');
    await until('the first was heard', () => service.lines().some(({ msg }) => String(msg).startsWith('stopping')));
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(130);
    expect(service.lines().at(-1)).toMatchObject({ level: 'fatal', reason: 'SIGTERM' });
  });

  it('is carried out in time while the database is a black hole', async () => {
    const databaseUrl = await postgres.createDatabase();
    const proxy = await startTcpProxy(databaseUrl);
    const service = await start({ DATABASE_URL: proxy.through(databaseUrl) });
    expect((await service.ask('Answer quickly')).status).toBe(200);
    proxy.blackHole();
    const ordered = performance.now();
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(performance.now() - ordered).toBeLessThan(3_000);
  });

  it('waits for no client that holds a connection and asks nothing', async () => {
    const service = await start();
    const { port } = new URL(service.url);
    const half = connect(Number(port), '127.0.0.1', () => half.write('GET /v1/answers/x HTTP/1.1\r\nHost: x\r\n'));
    half.on('error', () => {});
    await until('it is connected', () => half.bytesWritten > 0);
    const ordered = performance.now();
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(performance.now() - ordered).toBeLessThan(3_000);
  });
});

describe('a process that is killed', () => {
  it('loses no answer that was given, and blocks nobody who comes after', async () => {
    const databaseUrl = await postgres.createDatabase();
    const first = await start({ DATABASE_URL: databaseUrl });
    const given = (await (await first.ask('Answer quickly')).json()) as { id: string };
    await askLong(first, 5);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    const started = performance.now();
    const second = await start({ DATABASE_URL: databaseUrl });
    expect(performance.now() - started).toBeLessThan(5_000);
    const again = await fetch(`${second.url}/v1/answers/${given.id}`);
    expect(await again.json()).toMatchObject({ id: given.id, answer: 'at once' });
    expect((await second.ask('Answer quickly')).status).toBe(200);
    expect(second.lines().filter(({ level }) => level !== 'info')).toEqual([]);
  });
});

function lineOf(service: ServiceProcess, message: string): LogLine {
  const line = service.lines().find(({ msg }) => msg === message);
  if (line === undefined) throw new Error(`no line says "${message}"`);
  return line;
}
