import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { startTestPostgres, startTestService, type TestPostgres } from '../harness.ts';

const TOKENS = ['c4nary-token-of-the-website', 'c4nary-token-of-the-robot'] as const;

let postgres: TestPostgres;
let databaseUrl: string;
beforeAll(async () => {
  postgres = await startTestPostgres();
  databaseUrl = await postgres.createDatabase();
});
afterAll(() => postgres.stop());

async function guardedService() {
  const service = await startTestService({ databaseUrl, apiTokens: TOKENS });
  await until('it is ready', async () => (await service.get('/health/ready')).ok);
  return service;
}

describe('the API with tokens', () => {
  it.each([
    ['nothing', {}],
    ['another token', { authorization: 'Bearer c4nary-token-of-nobody' }],
    ['the beginning of a token', { authorization: `Bearer ${TOKENS[0].slice(0, -1)}` }],
    ['both tokens in one', { authorization: `Bearer ${TOKENS.join(',')}` }],
    ['a token of another scheme', { authorization: `Basic ${TOKENS[0]}` }],
    ['a token without a scheme', { authorization: TOKENS[0] }],
    ['an empty token', { authorization: 'Bearer ' }],
  ])('refuses who bears %s, before anything of the request is read', async (_, headers) => {
    const service = await guardedService();
    for (const [path, init] of [
      ['/v1/documents', {}],
      ['/v1/documents/1', { method: 'DELETE' }],
      ['/v1/ask', { method: 'POST', body: '{' }],
      ['/v1/nothing', {}],
    ] as const) {
      const response = await service.get(path, { ...init, headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="qna"/);
      expect(await response.json()).toMatchObject({ type: 'urn:problem-type:qna:unauthorized', status: 401 });
    }
  });

  it.each([
    ['one token', `Bearer ${TOKENS[0]}`],
    ['the other token', `Bearer ${TOKENS[1]}`],
    ['a scheme in small letters', `bearer ${TOKENS[1]}`],
  ])('answers who bears %s', async (_, authorization) => {
    const service = await guardedService();
    expect((await service.get('/v1/documents', { headers: { authorization } })).status).toBe(200);
  });

  it('leaves the endpoints of operation open', async () => {
    const service = await guardedService();
    for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json'])
      expect((await service.get(path)).status).toBe(200);
    expect((await service.get('/nothing')).status).toBe(404);
  });

  it('tells no token, neither in an answer nor in the log', async () => {
    const service = await guardedService();
    const headers = { authorization: `Bearer ${TOKENS[0]}`, 'x-request-id': TOKENS[1] };
    const text = await (await service.get(`/v1/${TOKENS[0]}`, { headers })).text();
    await until('it is logged', () => service.lines.some((line) => line.includes('request answered')));
    expect(text).not.toContain(TOKENS[0]);
    for (const token of TOKENS) expect(service.lines.join('\n')).not.toContain(token);
  });
});
