import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { type Answer, type Answerer, ProviderError } from '../../../service/answering/answerer.ts';
import { startTestPostgres, startTestService, type TestPostgres } from '../harness.ts';
import { type App, startAppWith } from './app-with-answerer.ts';
import { allEvents, readEvents } from './read-events.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const HEADERS = { 'content-type': 'application/json', accept: 'text/event-stream' };
const BODY = JSON.stringify({ question: 'How do I restore a backup?' });

/** Says two words, and then goes on as the test tells it. */
function hesitating(then: (signal: AbortSignal) => Promise<void>): Answerer & { readonly aborted: Promise<void> } {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  return {
    provider: 'test',
    model: 'hesitating',
    aborted,
    async answer(_question, toolbox, signal, { onText } = {}): Promise<Answer> {
      signal.addEventListener('abort', () => resolve());
      await toolbox.call('current_time', {});
      onText?.('Well, ');
      onText?.('perhaps');
      await then(signal);
      onText?.('.');
      return { text: 'Well, perhaps.', model: 'hesitating', toolCalls: [], usage: { inputTokens: 1, outputTokens: 3 } };
    },
  };
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  signal.throwIfAborted();
}

function ask({ url }: App, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}/v1/ask`, { method: 'POST', headers: HEADERS, body: BODY, ...init });
}

async function keptIn({ pool }: App) {
  return (await pool.query('SELECT id, answer, complete FROM answers')).rows as readonly {
    id: string;
    answer: string;
    complete: boolean;
  }[];
}

describe('an answer as a stream of events', () => {
  it('tells tools and tokens while it is made, and ends with the whole of it', async () => {
    const service = await startTestService({ databaseUrl: await postgres.createDatabase() });
    await until('it is ready', async () => (await service.get('/health/ready')).ok);
    const response = await service.ask('', { headers: HEADERS, body: BODY });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(response.headers.get('vary')).toContain('Accept');
    const events = await allEvents(response);
    expect(events[0]).toEqual({ event: 'tool', data: { name: 'search_documents', outcome: 'ok' } });
    const last = events.at(-1) as { event: string; data: { id: string; answer: string } };
    expect(last).toMatchObject({ event: 'done', data: { offline: true, complete: true } });
    const tokens = events.filter(({ event }) => event === 'token').map(({ data }) => (data as { text: string }).text);
    expect(tokens.join('')).toBe(last.data.answer);
    expect(await (await service.get(`/v1/answers/${last.data.id}`)).json()).toMatchObject(last.data);
  });

  it('passes the words of a model on as they come', async () => {
    const provider = new LLMock({ port: 0, chunkSize: 5 });
    await provider.start();
    onTestFinished(() => provider.stop());
    provider.on({ userMessage: 'backup' }, { content: 'Take the newest dump and pg_restore.' });
    const service = await startTestService({
      databaseUrl: await postgres.createDatabase(),
      provider: { apiKey: 'k', baseUrl: `${provider.url}/v1`, model: 'm' },
    });
    await until('it is ready', async () => (await service.get('/health/ready')).ok);
    const events = await allEvents(await service.ask('', { headers: HEADERS, body: BODY }));
    const tokens = events.filter(({ event }) => event === 'token').map(({ data }) => (data as { text: string }).text);
    expect(tokens.length).toBeGreaterThan(3);
    expect(tokens.join('')).toBe('Take the newest dump and pg_restore.');
    expect(events.at(-1)).toMatchObject({ event: 'done', data: { answer: tokens.join(''), offline: false } });
  });

  it('is not sent to who takes anything, or prefers JSON', async () => {
    const service = await startTestService({ databaseUrl: await postgres.createDatabase() });
    await until('it is ready', async () => (await service.get('/health/ready')).ok);
    for (const accept of ['*/*', 'application/json, text/event-stream;q=0.5']) {
      const response = await service.ask('', { headers: { ...HEADERS, accept }, body: BODY });
      expect(response.headers.get('content-type')).toContain('application/json');
    }
  });

  it('has a status of its own for whatever is refused before the first event', async () => {
    const app = await startAppWith(hesitating(untilAborted), await postgres.createDatabase());
    const wrong = await ask(app, { body: '{}' });
    expect(wrong.status).toBe(400);
    expect(wrong.headers.get('content-type')).toBe('application/problem+json');
    const unknown = await ask(app, { body: JSON.stringify({ question: 'x', conversationId: crypto.randomUUID() }) });
    expect(unknown.status).toBe(404);
  });

  it('ends the work at once when the client leaves, and keeps what there was', async () => {
    const answerer = hesitating(untilAborted);
    const app = await startAppWith(answerer, await postgres.createDatabase());
    const leave = new AbortController();
    const response = await ask(app, { signal: leave.signal });
    for await (const { data } of readEvents(response)) if ((data as { text?: string }).text === 'perhaps') break;
    const started = performance.now();
    leave.abort();
    await answerer.aborted;
    expect(performance.now() - started).toBeLessThan(100);
    await until('it is kept', async () => (await keptIn(app)).length === 1);
    expect(await keptIn(app)).toMatchObject([{ answer: 'Well, perhaps', complete: false }]);
  });

  it('ends with an error that names what was kept when the service stops', async () => {
    const app = await startAppWith(hesitating(untilAborted), await postgres.createDatabase());
    const events: { event: string; data: unknown }[] = [];
    for await (const event of readEvents(await ask(app))) {
      events.push(event);
      if ((event.data as { text?: string }).text === 'perhaps') app.cutOff();
    }
    const [kept] = await keptIn(app);
    expect(events.map(({ event }) => event)).toEqual(['tool', 'token', 'token', 'error']);
    expect(events.at(-1)?.data).toMatchObject({ status: 503, answerId: kept?.id });
    expect(kept).toMatchObject({ answer: 'Well, perhaps', complete: false });
  });

  it.each([
    ['the provider fails', () => Promise.reject(new ProviderError('unavailable', new Error('hidden'))), 503, 5_000],
    ['the deadline passes', untilAborted, 504, 300],
    ['the service is wrong', () => Promise.reject(new TypeError('hidden')), 500, 5_000],
  ])('ends with an error when %s, and says nothing that is hidden', async (_, then, status, deadlineMs) => {
    const app = await startAppWith(hesitating(then), await postgres.createDatabase(), deadlineMs);
    const events = await allEvents(await ask(app));
    expect(events.at(-1)).toMatchObject({ event: 'error', data: { status, requestId: expect.any(String) } });
    expect(JSON.stringify(events)).not.toContain('hidden');
    expect(await keptIn(app)).toMatchObject([{ complete: false }]);
  });

  it('is given again whole for the same key', async () => {
    const app = await startAppWith(
      hesitating(async () => {}),
      await postgres.createDatabase(),
    );
    const headers = { ...HEADERS, 'idempotency-key': crypto.randomUUID() };
    const first = await allEvents(await ask(app, { headers }));
    const again = await ask(app, { headers });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const events = await allEvents(again);
    expect(events[0]).toEqual({ event: 'token', data: { text: 'Well, perhaps.' } });
    expect(events.at(-1)).toEqual(first.at(-1));
  });
});
