import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import type { ProviderLimits } from '../../../service/answering/provider/limits.ts';
import type { ServiceSettings } from '../../../service/settings.ts';
import { seriesOf, startTestPostgres, startTestService, type TestPostgres, type TestService } from '../harness.ts';
import { chunk, startFaultyProvider, stream } from './faulty-provider.ts';

const QUESTION = 'How is a backup restored?';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

async function serviceBefore(
  behave: Parameters<typeof startFaultyProvider>[0],
  limits: Partial<ProviderLimits> = {},
  settings: Partial<ServiceSettings> = {},
) {
  const provider = await startFaultyProvider(behave);
  const service = await startTestService({
    databaseUrl: await postgres.createDatabase(),
    provider: {
      apiKey: 'sk-test-key-for-lies',
      baseUrl: provider.baseUrl,
      model: 'm-1',
      limits: { firstTokenTimeoutMs: 500, idleTimeoutMs: 500, ...limits },
    },
    ...settings,
  });
  await until('it is ready', async () => (await service.get('/health/ready')).ok);
  return { service, provider };
}

async function asked(service: TestService, init?: RequestInit) {
  const started = performance.now();
  const response = await service.ask(QUESTION, init);
  const body = (await response.json()) as Readonly<Record<string, unknown>>;
  return { status: response.status, body, tookMs: performance.now() - started };
}

/** Sends the same again and again, as fast as it is taken, until the other side has enough. */
function pour(response: ServerResponse, piece: string): { readonly bytes: () => number } {
  let bytes = 0;
  const more = () => {
    while (!response.destroyed) {
      bytes += piece.length;
      if (!response.write(piece)) return;
    }
  };
  response.on('drain', more);
  more();
  return { bytes: () => bytes };
}

const done = chunk({ content: 'Use pg_restore.' }) + chunk({}, 'stop');
const answering = (response: ServerResponse) => void stream(response).end(done);
const tool = (fragment: object) => chunk({ tool_calls: [fragment] });

describe('a provider that lies', () => {
  it.each([
    ['about the place of a tool', tool({ index: 300_000_000, id: 't', function: { name: 'x', arguments: '{}' } })],
    ['with a place that is no number', tool({ index: 'first', function: { name: 7, arguments: [] } })],
    ['with a tool that has no function', tool({ index: 0, function: null }) + chunk({}, 'tool_calls')],
    ['with an event that is no object', 'data: 7\n\ndata: "text"\n\ndata: [null]\n\n'],
    ['with choices that are none', 'data: {"choices":{"0":{"delta":{"content":7}}}}\n\n'],
    ['and has nothing to say', chunk({ role: 'assistant', content: '' }) + chunk({}, 'stop')],
  ])('%s is replaced by the documents, and nothing else suffers', async (_, events) => {
    const { service } = await serviceBefore((response) => void stream(response).end(events + chunk({}, 'stop')));
    const { status, body, tookMs } = await asked(service);
    expect([status, body.degraded]).toEqual([200, true]);
    expect(tookMs).toBeLessThan(3_000);
  });

  it('in characters that no database takes is told, and kept, with a mark in their place', async () => {
    let calls = 0;
    const { service } = await serviceBefore((response) => {
      const unknownTool = { index: 0, id: 't', function: { name: 'x\0\ud800', arguments: '{}' } };
      const first = tool(unknownTool) + chunk({}, 'tool_calls');
      stream(response).end(calls++ === 0 ? first : chunk({ content: 'Use \0pg\ud800.' }) + chunk({}, 'stop'));
    });
    const { status, body } = await asked(service);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      answer: 'Use \ufffdpg\ufffd.',
      toolCalls: [{ name: 'x\ufffd\ufffd', outcome: 'error' }],
    });
    expect(await (await service.get(`/v1/answers/${body.id}`)).json()).toEqual({ question: QUESTION, ...body });
  });

  it.each([
    { prompt_tokens: 'many', completion_tokens: 2 },
    { prompt_tokens: -5, completion_tokens: 2 },
    { prompt_tokens: 1e15, completion_tokens: 1 },
    { prompt_tokens: 1.5, completion_tokens: null },
    'none',
    null,
  ])(
    'about what it used (%j) is believed nothing of it: the answer stands, and what it cost is not known',
    async (usage) => {
      const { service } = await serviceBefore(
        (response) => void stream(response).end(done + chunk({}, null, { usage })),
        {},
        { prices: { inputPerMillion: 1, outputPerMillion: 1 } },
      );
      const { status, body } = await asked(service);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        answer: 'Use pg_restore.',
        offline: false,
        usage: { inputTokens: 0, outputTokens: 0 },
        costUsd: null,
      });
    },
  );

  it.each([
    ['words', chunk({ content: 'x'.repeat(60_000) })],
    ['one line', 'x'.repeat(60_000)],
    ['arguments', tool({ index: 0, id: 't', function: { name: 'x', arguments: 'x'.repeat(60_000) } })],
    ['empty lines', '\n'.repeat(60_000)],
  ])('and pours out %s without end is cut off long before memory ends', async (_, piece) => {
    let poured: ReturnType<typeof pour> | undefined;
    const { service } = await serviceBefore((response) => {
      poured = pour(stream(response), piece);
    });
    const { tookMs } = await asked(service);
    expect(tookMs).toBeLessThan(3_000);
    expect(poured?.bytes()).toBeLessThan(40_000_000);
  });

  it.each([
    ['events that say nothing', chunk({})],
    ['events without a choice', 'data: {"choices":[]}\n\n'],
    ['comments', ': still here\n\n'],
  ])('about being at work by %s is not waited for longer than one that is silent', async (_, piece) => {
    const { service } = await serviceBefore((response) => {
      stream(response);
      const timer = setInterval(() => response.write(piece), 50);
      response.once('close', () => clearInterval(timer));
    });
    const { status, body, tookMs } = await asked(service);
    expect([status, body.degraded]).toEqual([200, true]);
    expect(tookMs).toBeLessThan(2_500);
  });

  it('about an answer in one piece, and stalls in it, is not waited for either', async () => {
    const { service } = await serviceBefore((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices":[');
    });
    const { status, body, tookMs } = await asked(service);
    expect([status, body.degraded]).toEqual([200, true]);
    expect(tookMs).toBeLessThan(2_500);
  });
});

describe('a provider that asks to be left alone', () => {
  it('is left alone by every question', async () => {
    const { service, provider } = await serviceBefore((response, call) => {
      if (call === 1) response.writeHead(429, { 'retry-after': '3600' }).end('{}');
      else answering(response);
    });
    for (let n = 0; n < 2; n += 1) expect((await asked(service)).body.degraded).toBe(true);
    expect(provider.calls).toHaveLength(1);
  });
});

describe('a provider that asks for a short pause', () => {
  it('is asked again after it, by those too who came meanwhile, and nothing is counted that was not done', async () => {
    let pausedUntil = 0;
    const tooSoon: number[] = [];
    const { service, provider } = await serviceBefore((response, call) => {
      if (call > 1) {
        if (performance.now() < pausedUntil) tooSoon.push(call);
        answering(response);
        return;
      }
      pausedUntil = performance.now() + 990;
      response.writeHead(429, { 'retry-after': '1' }).end('{}');
    });
    const first = asked(service);
    await until('it asks for a pause', () => provider.calls.length === 1);
    const answers = await Promise.all([first, asked(service)]);
    expect(answers.map(({ body }) => body.offline)).toEqual([false, false]);
    expect(tooSoon).toEqual([]);
    const page = await (await service.get('/metrics')).text();
    expect(seriesOf(page, 'qna_provider_retries_total')).toBe(1);
  });
});

describe('the breaker', () => {
  it('does not open for questions that the provider cannot take: the others have done nothing', async () => {
    const { service } = await serviceBefore((response, call) => {
      if (call <= 6) response.writeHead([400, 413, 422][call % 3] ?? 400).end('{}');
      else answering(response);
    });
    for (let n = 0; n < 6; n += 1) expect((await asked(service)).body.degraded).toBe(true);
    expect((await asked(service)).body.offline).toBe(false);
  });

  it('lets one question find out whether the provider is well again, and the others do not wait for it', async () => {
    const found = Promise.withResolvers<'asked again'>();
    const { service, provider } = await serviceBefore(
      (response, call) => {
        if (call <= 2) response.writeHead(401).end('{}');
        else found.resolve('asked again');
      },
      { breakerFailures: 2, breakerPauseMs: 200, firstTokenTimeoutMs: 4_000 },
    );
    for (let n = 0; n < 2; n += 1) await asked(service);
    await until('one is with the provider', async () => {
      return (await Promise.race([asked(service), found.promise])) === 'asked again';
    });
    const { body, tookMs } = await asked(service);
    expect(body.degraded).toBe(true);
    expect(tookMs).toBeLessThan(2_000);
    expect(provider.calls).toHaveLength(3);
  });

  it('learns nothing from a client that leaves while one question finds out', async () => {
    const { service, provider } = await serviceBefore(
      (response, call) => {
        if (call <= 2) response.writeHead(401).end('{}');
      },
      { breakerFailures: 2, breakerPauseMs: 200, firstTokenTimeoutMs: 4_000 },
    );
    for (let n = 0; n < 2; n += 1) await asked(service);
    await until('it is asked again, by somebody who leaves', async () => {
      await asked(service, { signal: AbortSignal.timeout(200) }).catch(() => {});
      return provider.leftAt.length > 0;
    });
    await until('the breaker has moved', async () => {
      const page = await (await service.get('/metrics')).text();
      return seriesOf(page, 'qna_provider_breaker_state{state="half_open"}') === 0;
    });
    const page = await (await service.get('/metrics')).text();
    expect(seriesOf(page, 'qna_provider_breaker_state{state="open"}')).toBe(1);
  });
});
