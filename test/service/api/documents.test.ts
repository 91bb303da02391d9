import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { startTestPostgres, startTestService, type TestPostgres, type TestService } from '../harness.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

async function readyService() {
  const service = await startTestService({ databaseUrl: await postgres.createDatabase() });
  await until('it is ready', async () => (await service.get('/health/ready')).ok);
  return service;
}

function add(service: TestService, document: unknown) {
  return service.get('/v1/documents', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
  });
}

async function jsonOf<T>(response: Response | Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}

interface Listed {
  readonly documents: readonly {
    readonly id: number;
    readonly title: string;
    readonly sentences?: readonly string[];
  }[];
  readonly next: number | null;
}

describe('documents', () => {
  it('are stored, given again, and gone when they are deleted', async () => {
    const service = await readyService();
    const added = await add(service, { title: 'Refunds', body: 'A refund takes five days.' });
    expect(added.status).toBe(201);
    const path = added.headers.get('location') ?? '';
    expect(path).toMatch(/^\/v1\/documents\/\d+$/);
    expect(await jsonOf(added)).toMatchObject({ title: 'Refunds', body: 'A refund takes five days.', length: 25 });
    expect(await jsonOf(service.get(path))).toMatchObject({ title: 'Refunds', length: 25 });
    const deleted = await service.get(path, { method: 'DELETE' });
    expect(deleted.status).toBe(204);
    expect((await service.get(path)).status).toBe(404);
    expect((await service.get(path, { method: 'DELETE' })).status).toBe(404);
  });

  it('are listed page by page, each once, whatever is added meanwhile', async () => {
    const service = await readyService();
    for (let n = 0; n < 5; n += 1) await add(service, { title: `Note ${n}`, body: 'Some text.' });
    const titles: string[] = [];
    let next: number | null = 0;
    while (next !== null) {
      const page: Listed = await jsonOf(service.get(`/v1/documents?limit=3&after=${next}`));
      titles.push(...page.documents.map(({ title }) => title));
      if (next === 0) await add(service, { title: 'A late one', body: 'Some text.' });
      next = page.next;
    }
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.slice(-6)).toEqual(['Note 0', 'Note 1', 'Note 2', 'Note 3', 'Note 4', 'A late one']);
  });

  it('are found by any form of their words, the best first, with the sentences that fit', async () => {
    const service = await readyService();
    await add(service, { title: 'Ovens', body: 'Bread is baked at 230 degrees. Cakes are not. Clean it on Mondays.' });
    await add(service, { title: 'Bread', body: 'Baking bread needs flour and water. A bread rests before baking.' });
    const { documents } = await jsonOf<Listed>(service.get('/v1/documents?query=How+do+you+bake+breads%3F'));
    expect(documents.map(({ title }) => title)).toEqual(['Bread', 'Ovens']);
    expect(documents[1]?.sentences).toEqual(['Bread is baked at 230 degrees.']);
  });

  it.each([
    "'",
    "\\' | 'x",
    'the of and',
    '!&|():*<->',
    '',
    'C:\\temp\\x http://a.example/b\\c?d=\\',
    '%',
    '\u{1F600}',
  ])('can be looked for with %j', async (query) => {
    const service = await readyService();
    const response = await service.get(`/v1/documents?query=${encodeURIComponent(query)}`);
    expect(response.status).toBe(200);
  });

  it.each([
    ['limit=0', '"limit" must be'],
    ['limit=101', '"limit" must be'],
    ['limit=1&limit=2', '"limit" must be'],
    ['after=-1', '"after" must be'],
    ['query=a&after=1', 'without "after"'],
    ['query=a&query=b', '"query" must be'],
    ['query=%00', '"query" must be'],
  ])('are not listed by %s', async (query, sentence) => {
    const service = await readyService();
    const response = await service.get(`/v1/documents?${query}`);
    expect(response.status).toBe(400);
    expect((await jsonOf<{ detail: string }>(response)).detail).toContain(sentence);
  });

  it.each([
    ['no title', { body: 'text' }, ['#/title']],
    ['an empty body', { title: 'a', body: ' ' }, ['#/body']],
    ['texts that are none', { title: 1, body: ['a'] }, ['#/title', '#/body']],
    ['a title that is too long', { title: 'x'.repeat(201), body: 'a' }, ['#/title']],
    ['a character that PostgreSQL cannot store', { title: 'a\0b', body: 'a' }, ['#/title']],
    ['a member that nobody knows', { title: 'a', body: 'b', __proto: 1 }, ['#/__proto']],
  ])('are refused with %s, and each fault is named', async (_, document, pointers) => {
    const service = await readyService();
    const response = await add(service, document);
    expect(response.status).toBe(400);
    const { errors } = await jsonOf<{ errors: readonly { pointer: string }[] }>(response);
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it.each(['/v1/documents/0', '/v1/documents/x', '/v1/documents/99999999999', '/v1/documents/2147483648'])(
    'are not there at %s',
    async (path) => {
      const service = await readyService();
      expect((await service.get(path)).status).toBe(404);
      expect((await service.get(path, { method: 'DELETE' })).status).toBe(404);
    },
  );
});

describe('the offline answerer', () => {
  it('answers with the sentences of a document that came just now, names it, and says that it is offline', async () => {
    const service = await readyService();
    await add(service, {
      title: 'Refund policy',
      body: 'Our shop opens at nine. Refunds are paid within fourteen days. Parcels travel by rail.',
    });
    const answer = await jsonOf<{ id: string; answer: string; offline: boolean }>(
      service.ask('When will my refund be paid?'),
    );
    expect(answer).toMatchObject({ offline: true, model: 'extractive' });
    expect(answer.answer).toMatch(/^Refunds are paid within fourteen days\. \[Refund policy\]/);
    expect(answer.answer).not.toContain('rail');
    expect(await jsonOf(service.get(`/v1/answers/${answer.id}`))).toMatchObject({ offline: true, id: answer.id });
  });

  it('says so when no document tells', async () => {
    const service = await readyService();
    expect(await jsonOf(service.ask('Quid est veritas?'))).toMatchObject({
      answer: 'The documents of this service do not say.',
      offline: true,
    });
  });
});
