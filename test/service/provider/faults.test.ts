import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import type { ProviderLimits } from '../../../service/answering/provider/limits.ts';
import { seriesOf, startTestPostgres, startTestService, type TestPostgres } from '../harness.ts';
import { chunk, startFaultyProvider, startSilentServer, stream } from './faulty-provider.ts';

const KEY = 'sk-test-c4nary-faulty-key';
const QUESTION = 'How is a backup restored?';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

async function serviceBefore(baseUrl: string, limits: Partial<ProviderLimits> = {}, answerDeadlineMs = 5_000) {
  const service = await startTestService({
    databaseUrl: await postgres.createDatabase(),
    answerDeadlineMs,
    provider: {
      apiKey: KEY,
      baseUrl,
      model: 'm-1',
      limits: { firstTokenTimeoutMs: 400, idleTimeoutMs: 300, connectTimeoutMs: 300, ...limits },
    },
  });
  await until('it is ready', async () => (await service.get('/health/ready')).ok);
  return service;
}

type Service = Awaited<ReturnType<typeof serviceBefore>>;

async function timed(work: Promise<Response>) {
  const started = performance.now();
  const response = await work;
  const body = (await response.json()) as Readonly<Record<string, unknown>>;
  return { status: response.status, headers: response.headers, body, tookMs: performance.now() - started };
}

async function metric(service: Service, series: string): Promise<number | undefined> {
  return seriesOf(await (await service.get('/metrics')).text(), series);
}

const degraded = (reason: string) => `qna_degraded_answers_total{reason="${reason}"}`;

const calls = (errorType: string) =>
  `gen_ai_client_operation_duration_seconds_count{gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="m-1",error_type="${errorType}"}`;

describe('a provider that fails', () => {
  it.each([
    ['says nothing after its headers', 'timeout', (response) => void stream(response).flushHeaders()],
    [
      'stalls in the middle of a word',
      'timeout',
      (response) => void stream(response).write(chunk({ role: 'assistant' })),
    ],
    ['answers 500', 'unavailable', (response) => void response.writeHead(500).end('oops')],
    [
      'answers 500 with a body that is no JSON',
      'unavailable',
      (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
    ],
    [
      'refuses the key, which it repeats',
      'refused',
      (response) => void response.writeHead(401).end(JSON.stringify({ error: { message: `Incorrect key: ${KEY}` } })),
    ],
    ['resets the connection before its answer', 'unavailable', (response) => void response.destroy()],
    [
      'resets the connection before the first word',
      'unavailable',
      (response) => void stream(response).write(chunk({ role: 'assistant' }), () => response.destroy()),
    ],
    [
      'tells of a fault of its own in the stream, and repeats the key',
      'unavailable',
      (response) => void stream(response).end(`data: ${JSON.stringify({ error: { message: `No room. ${KEY}` } })}\n\n`),
    ],
    [
      'answers with a page for people',
      'invalid',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>'),
    ],
    ['sends an event that is no JSON', 'invalid', (response) => void stream(response).end('data: {"choi\n\n')],
    [
      'cuts the stream before the first word',
      'cut_off',
      (response) => void stream(response).end(chunk({ role: 'assistant' })),
    ],
    [
      'asks to come back in an hour',
      'rate_limited',
      (response) => void response.writeHead(429, { 'retry-after': '3600' }).end('{}'),
    ],
  ] as readonly (readonly [string, string, Parameters<typeof startFaultyProvider>[0]])[])(
    'and %s is replaced by the documents, in time and with a mark',
    async (_, reason, behave) => {
      const provider = await startFaultyProvider(behave);
      const service = await serviceBefore(provider.baseUrl);
      const { status, body, tookMs } = await timed(service.ask(QUESTION));
      expect(status).toBe(200);
      expect(body).toMatchObject({ degraded: true, offline: true });
      expect(String(body.answer)).toContain('pg_restore');
      expect(tookMs).toBeLessThan(3_000);
      const page = await (await service.get('/metrics')).text();
      expect(seriesOf(page, degraded(reason))).toBe(1);
      expect(seriesOf(page, calls(reason))).toBe(provider.calls.length);
      expect(seriesOf(page, 'qna_provider_retries_total')).toBe(provider.calls.length - 1);
      expect((await service.get('/health/ready')).status).toBe(200);
      expect(service.lines.some((line) => line.includes(`"reason":"${reason}"`))).toBe(true);
      for (const told of [JSON.stringify(body), page, ...service.lines]) expect(told).not.toContain(KEY);
    },
  );

  it('and refuses connections is replaced too', async () => {
    const service = await serviceBefore('http://127.0.0.1:1/v1');
    const { status, body } = await timed(service.ask(QUESTION));
    expect([status, body.degraded]).toEqual([200, true]);
    expect(await metric(service, degraded('unavailable'))).toBe(1);
  });

  it('and swallows every byte is not waited for longer than for a first word', async () => {
    const hole = await startSilentServer();
    const service = await serviceBefore(`http://127.0.0.1:${hole.port}/v1`);
    const { status, tookMs } = await timed(service.ask(QUESTION));
    expect(status).toBe(200);
    expect(tookMs).toBeLessThan(2_500);
    expect(await metric(service, degraded('timeout'))).toBe(1);
  });

  it('and never finishes the greeting of TLS is waited for as long as a connection may take', async () => {
    const provider = await startSilentServer();
    const service = await serviceBefore(
      `https://127.0.0.1:${provider.port}/v1`,
      { firstTokenTimeoutMs: 30_000 },
      30_000,
    );
    const { body, tookMs } = await timed(service.ask(QUESTION));
    expect(body).toMatchObject({ degraded: true });
    expect(tookMs).toBeLessThan(5_000);
    expect(await metric(service, degraded('timeout'))).toBe(1);
  });

  it('and asks for a pause that ends after the time for the answer is not waited for at all', async () => {
    const provider = await startFaultyProvider(
      (response) => void response.writeHead(503, { 'retry-after': '6' }).end('{}'),
    );
    const service = await serviceBefore(provider.baseUrl, { retryAfterCapMs: 60_000 });
    const { status, body } = await timed(service.ask(QUESTION));
    expect([status, body.degraded]).toEqual([200, true]);
    expect(provider.calls).toHaveLength(1);
    expect(await metric(service, 'qna_provider_retries_total')).toBe(0);
  });

  it('once is asked again, and its answer is the answer', async () => {
    const provider = await startFaultyProvider((response, call) => {
      if (call === 1) response.writeHead(503, { 'retry-after': '0' }).end('{}');
      else stream(response).end(chunk({ content: 'At last.' }) + chunk({}, 'stop'));
    });
    const service = await serviceBefore(provider.baseUrl);
    const { body } = await timed(service.ask(QUESTION));
    expect(body).toMatchObject({ answer: 'At last.', offline: false });
    expect(provider.calls).toHaveLength(2);
    expect(await metric(service, 'qna_provider_retries_total')).toBe(1);
  });

  it('again and again is left alone for a while, and asked again after that', async () => {
    let well = false;
    const provider = await startFaultyProvider((response) => {
      if (well) stream(response).end(chunk({ content: 'Well again.' }) + chunk({}, 'stop'));
      else response.writeHead(401).end('{}');
    });
    const service = await serviceBefore(provider.baseUrl, { breakerFailures: 3, breakerPauseMs: 500 });
    for (let n = 0; n < 3; n += 1) await timed(service.ask(QUESTION));
    expect(provider.calls).toHaveLength(3);
    const { body } = await timed(service.ask(QUESTION));
    expect(body.degraded).toBe(true);
    expect(provider.calls).toHaveLength(3);
    expect(await metric(service, degraded('circuit_open'))).toBe(1);
    expect(await metric(service, 'qna_provider_breaker_state{state="open"}')).toBe(1);
    expect(await (await service.get('/health/ready')).json()).toMatchObject({ status: 'warn' });
    well = true;
    await until('it is asked again', async () => (await timed(service.ask(QUESTION))).body.answer === 'Well again.');
    expect(await (await service.get('/health/ready')).json()).toMatchObject({ status: 'pass' });
  });
});

describe('a provider that is well', () => {
  it('may send the arguments of a tool in fragments, and no usage', async () => {
    const provider = await startFaultyProvider((response, call) => {
      const tool = (fragment: object) => chunk({ tool_calls: [{ index: 0, ...fragment }] });
      stream(response);
      if (call === 1) {
        response.write(
          tool({ id: 't1', type: 'function', function: { name: 'search_documents', arguments: '{"que' } }),
        );
        response.write(tool({ function: { arguments: 'ry":"backup"}' } }));
        response.end(chunk({}, 'tool_calls'));
      } else response.end(chunk({ content: 'Use pg_restore.' }) + chunk({}, 'stop'));
    });
    const service = await serviceBefore(provider.baseUrl);
    const { body } = await timed(service.ask(QUESTION));
    expect(body).toMatchObject({
      answer: 'Use pg_restore.',
      toolCalls: [{ name: 'search_documents', outcome: 'ok' }],
      usage: { inputTokens: 0, outputTokens: 0 },
    });
    expect(provider.calls[1]).toContain('pg_restore');
  });

  it('may know no streams, and answer whole', async () => {
    const whole = { model: 'm-1', choices: [{ message: { role: 'assistant', content: 'Whole.' } }] };
    const provider = await startFaultyProvider(
      (response) =>
        void response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(whole)),
    );
    const service = await serviceBefore(provider.baseUrl);
    expect((await timed(service.ask(QUESTION))).body).toMatchObject({ answer: 'Whole.', offline: false });
  });

  it('hears within 100 ms that the client has gone away', async () => {
    const provider = await startFaultyProvider((response) => void stream(response).write(chunk({ content: 'Long' })));
    const service = await serviceBefore(provider.baseUrl, { idleTimeoutMs: 4_000 });
    const leaving = new AbortController();
    const asked = service.ask(QUESTION, { signal: leaving.signal });
    await until('it is asked', async () => provider.calls.length === 1);
    const leftAt = performance.now();
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await until('it hears', async () => provider.leftAt.length === 1);
    expect((provider.leftAt[0] ?? Number.POSITIVE_INFINITY) - leftAt).toBeLessThan(100);
  });

  it('is not given more calls at once than were agreed; the rest wait, and those for whom there is no room hear so at once', async () => {
    const held: (() => void)[] = [];
    const provider = await startFaultyProvider((response) => {
      held.push(() => stream(response).end(chunk({ content: 'Yes.' }) + chunk({}, 'stop')));
    });
    const service = await serviceBefore(provider.baseUrl, { concurrency: 1, queue: 1, firstTokenTimeoutMs: 4_000 });
    const first = timed(service.ask(QUESTION));
    await until('the first is being answered', async () => held.length === 1);
    const second = timed(service.ask(QUESTION));
    await until('the second waits', async () => (await metric(service, 'qna_provider_calls{state="waiting"}')) === 1);
    const third = await timed(service.ask(QUESTION));
    expect(third.status).toBe(429);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await metric(service, 'http_requests_shed_total{reason="overload"}')).toBe(1);
    held[0]?.();
    expect((await first).body.answer).toBe('Yes.');
    await until('the second is being answered', async () => held.length === 2);
    held[1]?.();
    expect((await second).body.answer).toBe('Yes.');
  });

  it('and busy is not waited for longer than an answer may take, even by those whose turn has not come', async () => {
    const provider = await startFaultyProvider(() => {});
    const service = await serviceBefore(
      provider.baseUrl,
      { concurrency: 1, queue: 1, firstTokenTimeoutMs: 20_000 },
      1_000,
    );
    const both = [service.ask(QUESTION), service.ask(QUESTION)].map(timed);
    for (const { status, tookMs } of await Promise.all(both)) {
      expect(status).toBe(504);
      expect(tookMs).toBeLessThan(2_500);
    }
    expect(provider.calls).toHaveLength(1);
    expect(await metric(service, 'qna_provider_calls{state="waiting"}')).toBe(0);
    expect(await metric(service, 'qna_provider_calls{state="running"}')).toBe(0);
  });
});

describe('a provider that fails when words of its answer have been heard', () => {
  const begun = chunk({ content: 'Half of' });
  it.each([
    ['stalls', 'timeout', 504, (response) => void stream(response).write(begun)],
    ['ends the stream', 'cut_off', 503, (response) => void stream(response).end(begun)],
    [
      'resets the connection',
      'unavailable',
      503,
      (response) => void stream(response).write(begun, () => response.destroy()),
    ],
    ['sends an event that is no JSON', 'invalid', 503, (response) => void stream(response).end(`${begun}data: {"\n\n`)],
    [
      'tells of a fault of its own',
      'unavailable',
      503,
      (response) => void stream(response).end(`${begun}data: ${JSON.stringify({ error: { message: KEY } })}\n\n`),
    ],
  ] as readonly (readonly [string, string, number, Parameters<typeof startFaultyProvider>[0]])[])(
    'and %s is not asked again, nobody else answers in its place, and the client hears what to do',
    async (_, reason, expected, behave) => {
      const provider = await startFaultyProvider(behave);
      const service = await serviceBefore(provider.baseUrl);
      const { status, headers, body, tookMs } = await timed(service.ask(QUESTION));
      expect(status).toBe(expected);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(headers.has('retry-after')).toBe(expected === 503);
      expect(tookMs).toBeLessThan(3_000);
      expect(provider.calls).toHaveLength(1);
      const page = await (await service.get('/metrics')).text();
      expect(seriesOf(page, calls(reason))).toBe(1);
      expect(seriesOf(page, degraded(reason))).toBe(0);
      for (const told of [JSON.stringify(body), page, ...service.lines]) expect(told).not.toContain(KEY);
    },
  );
});
