import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, until } from '../../../scripts/wait.ts';
import { startTestPostgres, startTestService, type TestPostgres } from '../harness.ts';

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string }[];
  readonly requestId: string;
}

let postgres: TestPostgres;
let databaseUrl: string;
beforeAll(async () => {
  postgres = await startTestPostgres();
  databaseUrl = await postgres.createDatabase();
});
afterAll(() => postgres.stop());

async function readyService() {
  const service = await startTestService({ databaseUrl });
  await until('it is ready', async () => (await service.get('/health/ready')).ok);
  return service;
}

const JSON_TYPE = { 'content-type': 'application/json' };

const REFUSED: readonly (readonly [what: string, path: string, init: RequestInit, status: number, type: string])[] = [
  ['a path that nothing serves', '/nothing', {}, 404, 'not-found'],
  ['an answer that was never made', `/v1/answers/${crypto.randomUUID()}`, {}, 404, 'not-found'],
  ['an id that is none', '/v1/answers/1', {}, 404, 'not-found'],
  ['a path that cannot be decoded', '/v1/answers/%ff', {}, 400, 'bad-request'],
  ['a method that is not taken', '/v1/ask', { method: 'PUT' }, 405, 'method-not-allowed'],
  ['a method that a probe has no use for', '/health/live', { method: 'POST' }, 405, 'method-not-allowed'],
  ['no body', '/v1/ask', { method: 'POST' }, 400, 'bad-request'],
  ['no JSON', '/v1/ask', { method: 'POST', headers: JSON_TYPE, body: '{' }, 400, 'bad-request'],
  ['no object', '/v1/ask', { method: 'POST', headers: JSON_TYPE, body: '[]' }, 400, 'bad-request'],
  ['no question', '/v1/ask', { method: 'POST', headers: JSON_TYPE, body: '{}' }, 400, 'bad-request'],
  ['a body that is not JSON', '/v1/ask', { method: 'POST', body: 'question=why' }, 415, 'unsupported-media-type'],
  [
    'a character set that nobody writes JSON in',
    '/v1/ask',
    { method: 'POST', headers: { 'content-type': 'application/json; charset=iso-8859-1' }, body: '{}' },
    415,
    'unsupported-media-type',
  ],
  [
    'a compression that nobody knows',
    '/v1/ask',
    { method: 'POST', headers: { ...JSON_TYPE, 'content-encoding': 'rot13' }, body: '{}' },
    415,
    'unsupported-media-type',
  ],
  [
    'a body that is too large',
    '/v1/ask',
    { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ question: 'x'.repeat(40_000) }) },
    413,
    'content-too-large',
  ],
  [
    'a small body that grows when it is unpacked',
    '/v1/ask',
    {
      method: 'POST',
      headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify({ question: 'x'.repeat(1_000_000) })),
    },
    413,
    'content-too-large',
  ],
];

describe('problem details', () => {
  it.each(REFUSED)('tell of %s', async (_, path, init, status, type) => {
    const service = await readyService();
    const response = await service.get(path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const problem = (await response.json()) as Problem;
    expect(problem).toMatchObject({ type: `urn:problem-type:qna:${type}`, status });
    expect(problem.title).not.toBe('');
    expect(response.headers.get('x-request-id')).toBe(problem.requestId);
  });

  it('say which methods are allowed, which kind of body is taken, and which part of it is wrong', async () => {
    const service = await readyService();
    expect((await service.get('/v1/ask')).headers.get('allow')).toBe('POST');
    expect((await service.get('/v1/answers/1', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD');
    const plain = await service.get('/v1/ask', { method: 'POST', body: 'why' });
    expect(plain.headers.get('accept')).toBe('application/json');
    const { errors } = (await (await service.ask('')).json()) as Problem;
    expect(errors?.map(({ pointer }) => pointer)).toEqual(['#/question']);
  });

  it('carry no body where the method was HEAD', async () => {
    const service = await readyService();
    const response = await service.get('/nothing', { method: 'HEAD' });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });

  it.each([
    ['GET /v1/answers/1 HTTP/1.1\r\nbroken\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
  ])('are what even a request gets that cannot be parsed', async (bytes, status) => {
    const service = await readyService();
    const answer = await exchange(service.port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('Content-Type: application/problem+json');
    expect((JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Problem).status).toBe(status);
  });

  it('tell of an expectation that nobody knows', async () => {
    const service = await readyService();
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    request({ port: service.port, path: '/v1/ask', method: 'POST', headers: { expect: 'miracles' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
    expect(await promise).toBe(417);
  });

  it('say when to try again while the database cannot be reached, and nothing about it', async () => {
    const port = await freePort();
    const service = await startTestService({ databaseUrl: `postgres://qna:hidden-pw@127.0.0.1:${port}/qna` });
    const response = await service.get(`/v1/answers/${crypto.randomUUID()}`);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.text()).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|hidden-pw|postgres/);
  });
});

describe('request ids', () => {
  it('are the caller’s where they are harmless', async () => {
    const service = await readyService();
    for (const path of ['/v1/answers/1', '/health/live', '/metrics']) {
      const response = await service.get(path, { headers: { 'x-request-id': 'order-66.retry_1' } });
      expect(response.headers.get('x-request-id')).toBe('order-66.retry_1');
      await response.text();
    }
  });

  it.each(['with spaces', '{"level":"fatal"}', 'x'.repeat(129), '../../etc'])(
    'are made anew where the caller’s is %j',
    async (given) => {
      const service = await readyService();
      const response = await service.get('/nothing', { headers: { 'x-request-id': given } });
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('are in the answers that went well too, and in the log', async () => {
    const service = await readyService();
    const id = (await service.ask('How do I restore a backup?')).headers.get('x-request-id') ?? '';
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await until('it is logged', () => service.lines.some((line) => line.includes(id)));
  });
});

async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}
