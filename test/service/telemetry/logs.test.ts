import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { classifyLine } from '../../../src/checks/logs/log-line.ts';
import { findSecrets } from '../../../src/core/secret-text.ts';
import { startTestPostgres, type TestPostgres } from '../harness.ts';
import { runService, type ServiceProcess } from './run-service.ts';

const FAULTS = ['--import', join(import.meta.dirname, 'faults.mjs')];

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

function expectStructured(service: ServiceProcess, format: 'json' | 'ecs' = 'json'): void {
  expect(service.stderr()).toBe('');
  expect(service.stdout().length).toBeGreaterThan(0);
  for (const line of service.stdout()) {
    expect(classifyLine(line), line).toBe('structured');
    expect(Buffer.byteLength(line)).toBeLessThan(8 * 1024);
    const entry = JSON.parse(line) as Record<string, unknown>;
    const time = String(format === 'ecs' ? entry['@timestamp'] : entry.time);
    expect(new Date(time).toISOString()).toBe(time);
    const keys =
      format === 'ecs' ? ['log.level', 'message', 'service.name', 'ecs.version'] : ['level', 'msg', 'service'];
    for (const key of keys) expect(typeof entry[key], `${key} in ${line}`).toBe('string');
  }
  expect(typesThatDiffer(service.stdout().map((line) => JSON.parse(line) as unknown))).toEqual([]);
}

/** An index takes the first type that a field has, and refuses every line where it is another. */
function typesThatDiffer(entries: readonly unknown[]): readonly string[] {
  const types = new Map<string, Set<string>>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const inner of value) visit(inner, path);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) visit(inner, `${path}.${name}`);
    if (!Array.isArray(value) && value !== null) types.set(path, (types.get(path) ?? new Set()).add(typeof value));
  };
  for (const entry of entries) visit(entry, '');
  return [...types].filter(([, seen]) => seen.size > 1).map(([path]) => path);
}

async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${url}/v1/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ question: 'How do I restore a backup?' }),
  });
}

describe('standard output', () => {
  it.each(['json', 'ecs'] as const)(
    'is one JSON object a line, as %s, from the boot over questions to the drain',
    async (format) => {
      const service = runService({ DATABASE_URL: await postgres.createDatabase(), LOG_FORMAT: format });
      const url = await service.url();
      await until('it is ready', async () => (await fetch(`${url}/health/ready`)).ok);
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      expect((await ask(url, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` })).status).toBe(200);
      await fetch(`${url}/nowhere`, { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01-more` } });
      service.kill('SIGTERM');
      expect(await service.ended).toBe(0);
      expectStructured(service, format);
      const text = service.stdout().join('\n');
      expect(text).toContain('stopping');
      const answered = service
        .stdout()
        .filter((line) => line.includes('request answered'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const [asked, lost] = answered;
      expect(asked?.[format === 'ecs' ? 'trace.id' : 'trace_id']).toBe(traceId);
      // A broken traceparent begins a trace of its own (W3C Trace Context, 4.3).
      expect(lost?.[format === 'ecs' ? 'trace.id' : 'trace_id']).toMatch(/^(?!4bf92f)[0-9a-f]{32}$/);
      expect(lost?.[format === 'ecs' ? 'http.response.status_code' : 'status']).toBe(404);
    },
  );

  it.each(['exception', 'rejection'])(
    'is still nothing but JSON lines when libraries print, Node warns and an unhandled %s ends the process',
    async (fault) => {
      const canary = 'c4nary-Zk3vPq81xYt0';
      const service = runService(
        { DATABASE_URL: await postgres.createDatabase(), CANARY: canary, FAULT: fault },
        FAULTS,
      );
      await service.url();
      service.kill('SIGUSR2');
      expect(await service.ended).toBe(1);
      expectStructured(service);
      const lines = service.stdout().map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines.filter(({ stream }) => stream === 'stdout').map(({ msg }) => msg)).toEqual([
        'a library prints { password: [hidden] }',
        'half a line',
      ]);
      expect(lines.find(({ stream }) => stream === 'stderr')?.msg).toMatch(/^a library complains.*\n {2}on two lines$/);
      expect(lines.some(({ level, msg }) => level === 'warn' && msg === 'a warning of Node')).toBe(true);
      const fatal = lines.find(({ level }) => level === 'fatal');
      expect(fatal).toMatchObject({
        msg: 'the service ends: an error was not handled',
        err: { type: 'Error', causes: [{ code: 'ECONNREFUSED' }] },
      });
      expect(service.stdout().join('\n')).not.toContain(canary);
    },
  );

  it('is JSON lines when the settings are wrong, and when the port is taken', async () => {
    const wrong = runService({ DATABASE_URL: 'mysql://nowhere', LOG_LEVEL: 'loud', LOG_FORMAT: 'xml' });
    expect(await wrong.ended).toBe(1);
    expectStructured(wrong);
    expect(wrong.stdout().join('\n')).toContain('LOG_FORMAT must be one of json, ecs.');
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void holder.close());
    const taken = runService({
      DATABASE_URL: await postgres.createDatabase(),
      PORT: String((holder.address() as AddressInfo).port),
    });
    expect(await taken.ended).toBe(1);
    expectStructured(taken);
    expect(taken.stdout().join('\n')).toContain('EADDRINUSE');
  });
});

describe('a reader of the log that goes away', () => {
  it('does not take the service with it', async () => {
    const service = runService({ DATABASE_URL: await postgres.createDatabase() });
    const url = await service.url();
    await until('it is ready', async () => (await fetch(`${url}/health/ready`)).ok);
    service.stopReading();
    for (let n = 0; n < 20; n += 1) expect((await ask(url)).status).toBe(200);
    service.kill('SIGTERM');
    expect(await service.ended).toBe(0);
  });
});

describe('twenty secrets', () => {
  /** Each has come to a log somewhere: by the environment, by a client, or back from the provider. */
  const c = (name: string) => `${name}0c4nary9Xq7`;
  const SECRETS = {
    databasePassword: c('db/pass@%word"'),
    providerKey: `sk-proj-${c('provider')}`,
    bearer: c('bearer-token'),
    basic: Buffer.from(`user:${c('basic')}`).toString('base64'),
    cookie: c('cookie'),
    apiKeyHeader: c('header'),
    proxyAuthorization: c('proxy'),
    queryToken: c('query-token'),
    queryApiKey: c('query-key'),
    requestId: `sk-${c('request-id')}`,
    userAgent: `ghp_${c('useragent')}aaaaaaaaaaaaaaaaaaaaaa`,
    referer: c('referer-password'),
    bodyPassword: c('body'),
    jwt: `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx${c('jwt')}.c2lnbmF0dXJl`,
    providerEcho: `sk-ant-${c('echo')}`,
    providerHeader: c('set-cookie'),
    awsKey: 'AKIAIOSFODNN7CANARY9',
    google: `AIzaSyA${c('google')}00000000000000000000`,
    slack: `xoxb-1234567890-${c('slack')}`,
    privateKey: `MIIEvQIBADANBgkqhkiG9w0${c('pem')}`,
  } as const;

  it('never appear on either output, on the metrics page, in a health answer or in an error, whatever they came in', async () => {
    expect(Object.keys(SECRETS).length).toBe(20);
    const told: string[] = [];
    const provider = createServer((_request, response) => {
      response.writeHead(500, { 'content-type': 'application/json', 'set-cookie': `sid=${SECRETS.providerHeader}` });
      response.end(
        JSON.stringify({
          error: {
            message: `Incorrect API key provided: ${SECRETS.providerEcho}, ${SECRETS.awsKey}, ${SECRETS.google}; headers Authorization: Bearer ${SECRETS.providerKey}`,
            password: SECRETS.slack,
            key: `-----BEGIN PRIVATE KEY-----\n${SECRETS.privateKey}\n-----END PRIVATE KEY-----`,
          },
        }),
      );
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void provider.close());
    const good = await postgres.createDatabase();
    const bad = new URL(good);
    bad.password = SECRETS.databasePassword;
    for (const databaseUrl of [good, bad.href]) {
      const service = runService({
        DATABASE_URL: databaseUrl,
        OPENAI_API_KEY: SECRETS.providerKey,
        OPENAI_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`,
        LOG_LEVEL: 'debug',
      });
      const url = await service.url();
      const headers = {
        authorization: `Bearer ${SECRETS.bearer}`,
        'proxy-authorization': `Basic ${SECRETS.basic}`,
        cookie: `session=${SECRETS.cookie}; jwt=${SECRETS.jwt}`,
        'x-api-key': SECRETS.apiKeyHeader,
        'x-auth-token': SECRETS.proxyAuthorization,
        'x-request-id': SECRETS.requestId,
        'user-agent': SECRETS.userAgent,
        referer: `https://user:${SECRETS.referer}@example.test/`,
      };
      const query = `?token=${SECRETS.queryToken}&api_key=${SECRETS.queryApiKey}`;
      const body = `{"question": "restore?", "password": "${SECRETS.bodyPassword}"`;
      for (const [path, init] of [
        [`/v1/ask${query}`, { method: 'POST', body: `${body}}` }],
        [`/v1/ask${query}`, { method: 'POST', body: `${body}, oops` }],
        [`/v1/ask${query}`, { method: 'PUT', body }],
        [`/nowhere/${SECRETS.queryToken}${query}`, {}],
        [`/v1/answers/${SECRETS.jwt}`, {}],
        [`/v1/answers/00000000-0000-4000-8000-000000000000${query}`, {}],
        ['/health/ready', {}],
        ['/health/live', {}],
        ['/metrics', {}],
      ] as const) {
        const response = await fetch(url + path, {
          ...init,
          headers: { 'content-type': 'application/json', ...headers },
        });
        // A client is told its own request id; that is no secret of anybody else.
        told.push((await response.text()).replaceAll(SECRETS.requestId, ''));
      }
      await until(
        'the database was tried',
        () =>
          service
            .stdout()
            .join()
            .match(/applied|could not/) !== null,
      );
      service.kill('SIGTERM');
      await service.ended;
      expectStructured(service);
      told.push(...service.stdout(), service.stderr());
    }
    const text = told.join('\n');
    for (const [name, secret] of Object.entries(SECRETS)) expect(text.includes(secret), name).toBe(false);
    expect(text).not.toContain('c4nary');
    expect(findSecrets(text).map(({ kind, index }) => `${kind}: ${text.slice(index - 40, index + 20)}`)).toEqual([]);
  });
});
