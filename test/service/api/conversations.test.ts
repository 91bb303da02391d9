import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import type { ServiceSettings } from '../../../service/settings.ts';
import { startTestPostgres, startTestService, type TestPostgres, type TestService } from '../harness.ts';

let postgres: TestPostgres;
let provider: LLMock;
beforeAll(async () => {
  postgres = await startTestPostgres();
  provider = new LLMock({ port: 0 });
  await provider.start();
});
afterAll(async () => {
  await provider.stop();
  await postgres.stop();
});

interface Told {
  readonly id: string;
  readonly conversationId: string;
  readonly question?: string;
  readonly answer: string;
}

interface Conversation {
  readonly id: string;
  readonly turns: readonly Told[];
  readonly next: number | null;
}

async function readyService(settings: Partial<ServiceSettings> = {}) {
  const service = await startTestService({ databaseUrl: await postgres.createDatabase(), ...settings });
  await until('it is ready', async () => (await service.get('/health/ready')).ok);
  return service;
}

function post(service: TestService, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return service.ask('', {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function told(response: Promise<Response>): Promise<Told> {
  return (await (await response).json()) as Told;
}

describe('conversations', () => {
  it('are begun by a question, continued by their id, read in order and page by page, and deleted whole', async () => {
    const service = await readyService();
    const first = await told(post(service, { question: 'How do I restore a backup?' }));
    const { conversationId } = first;
    for (const question of ['Where are the metrics?', 'How do I rotate a key?'])
      expect((await told(post(service, { question, conversationId }))).conversationId).toBe(conversationId);
    const other = await told(post(service, { question: 'How do I rotate a key?' }));
    expect(other.conversationId).not.toBe(conversationId);

    const path = `/v1/conversations/${conversationId}`;
    const whole = (await (await service.get(path)).json()) as Conversation;
    expect(whole).toMatchObject({ id: conversationId, next: null });
    expect(whole.turns.map(({ question }) => question)).toEqual([
      'How do I restore a backup?',
      'Where are the metrics?',
      'How do I rotate a key?',
    ]);
    const page = (await (await service.get(`${path}?limit=2`)).json()) as Conversation;
    const rest = (await (await service.get(`${path}?limit=2&after=${page.next}`)).json()) as Conversation;
    expect([...page.turns, ...rest.turns]).toEqual(whole.turns);
    expect(rest.next).toBeNull();

    expect((await service.get(path, { method: 'DELETE' })).status).toBe(204);
    expect((await service.get(path)).status).toBe(404);
    expect((await service.get(path, { method: 'DELETE' })).status).toBe(404);
    expect((await service.get(`/v1/answers/${first.id}`)).status).toBe(404);
    expect((await service.get(`/v1/answers/${other.id}`)).status).toBe(200);
    expect((await post(service, { question: 'And now?', conversationId })).status).toBe(404);
  });

  it('that nobody has begun cannot be continued, and an id that is none is told so', async () => {
    const service = await readyService();
    const unknown = await post(service, { question: 'Why?', conversationId: crypto.randomUUID() });
    expect(unknown.status).toBe(404);
    const wrong = await post(service, { question: 'Why?', conversationId: 'x' });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ errors: [{ pointer: '#/conversationId' }] });
  });

  it('lend their words to a question that says too little, without a model', async () => {
    const service = await readyService();
    const { conversationId, answer } = await told(post(service, { question: 'What does the weekly drill do?' }));
    expect(answer).toContain('drill');
    const next = await told(post(service, { question: 'And then?', conversationId }));
    expect(next.answer).toContain('drill');
  });

  it('are told to the model', async () => {
    provider.on({ userMessage: 'Who am I' }, { content: 'You are Ada.' });
    provider.on({ userMessage: 'My name is' }, { content: 'Hello Ada.' });
    const service = await readyService({
      provider: { apiKey: 'k', baseUrl: `${provider.url}/v1`, model: 'test-model' },
    });
    const { conversationId } = await told(post(service, { question: 'My name is Ada.' }));
    await post(service, { question: 'Who am I?', conversationId });
    const sent = provider.getLastRequest()?.body as { readonly messages: readonly { role: string; content: string }[] };
    expect(sent.messages.slice(1)).toMatchObject([
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'Hello Ada.' },
      { role: 'user', content: 'Who am I?' },
    ]);
  });
});

describe('idempotency keys', () => {
  const question = 'How do I restore a backup?';
  const key = () => ({ 'idempotency-key': crypto.randomUUID() });

  it('give the same answer again, from any replica, and make no second one', async () => {
    const databaseUrl = await postgres.createDatabase();
    const [one, other] = [await readyService({ databaseUrl }), await readyService({ databaseUrl })];
    const headers = key();
    const first = await post(one, { question }, headers);
    const again = await post(other, { question }, headers);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const answer = (await first.json()) as Told;
    expect(await again.json()).toEqual(answer);
    const { turns } = (await (await one.get(`/v1/conversations/${answer.conversationId}`)).json()) as Conversation;
    expect(turns).toHaveLength(1);
  });

  it('are the same with quotes and without', async () => {
    const service = await readyService();
    await post(service, { question }, { 'idempotency-key': '"order-1"' });
    const again = await post(service, { question }, { 'idempotency-key': 'order-1' });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('cannot be used for another question', async () => {
    const service = await readyService();
    const headers = key();
    await post(service, { question }, headers);
    const other = await post(service, { question: 'Where are the metrics?' }, headers);
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ type: 'urn:problem-type:qna:key-reused' });
  });

  it.each(['', 'two words', 'x'.repeat(256), '"open'])('are refused as %j', async (given) => {
    const service = await readyService();
    expect((await post(service, { question }, { 'idempotency-key': given })).status).toBe(400);
  });

  it('let one of many equal requests work, and tell the others that it does', async () => {
    provider.on({ userMessage: 'patiently' }, { content: 'done' }, { chaos: { latencyMs: 1_000 } });
    const service = await readyService({
      provider: { apiKey: 'k', baseUrl: `${provider.url}/v1`, model: 'test-model' },
    });
    const headers = key();
    const asked = provider.getRequests().length;
    const responses = await Promise.all(
      Array.from({ length: 5 }, () => post(service, { question: 'Answer patiently' }, headers)),
    );
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    const waiting = responses.find(({ status }) => status === 409);
    expect(waiting?.headers.get('retry-after')).toBe('1');
    expect(provider.getRequests().length - asked).toBe(1);
    const again = await post(service, { question: 'Answer patiently' }, headers);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('are free again when the answer failed, and when the process that held them died', async () => {
    provider.on({ userMessage: 'once more' }, { content: 'late' }, { chaos: { latencyMs: 3_000 } });
    const databaseUrl = await postgres.createDatabase();
    const failing = await readyService({
      databaseUrl,
      answerDeadlineMs: 300,
      provider: { apiKey: 'k', baseUrl: `${provider.url}/v1`, model: 'test-model' },
    });
    const headers = key();
    expect((await post(failing, { question: 'once more' }, headers)).status).toBe(504);
    const service = await readyService({ databaseUrl });
    expect((await post(service, { question: 'once more' }, headers)).status).toBe(200);
    await postgres.queryIn(
      databaseUrl,
      "UPDATE idempotency_keys SET answer_id = NULL, claimed_until = now() - interval '1 second'",
    );
    const response = await post(service, { question: 'once more' }, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('idempotent-replayed')).toBeNull();
  });
});
