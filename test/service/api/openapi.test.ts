import { LLMock } from '@copilotkit/aimock';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, until } from '../../../scripts/wait.ts';
import { MEASURED_ROUTES } from '../../../service/telemetry/measured-routes.ts';
import { startTestPostgres, startTestService, type TestPostgres, type TestService } from '../harness.ts';
import { allEvents } from './read-events.ts';

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, Described>>;
}

interface OpenApi {
  readonly openapi: string;
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const TOKEN = 'a-token-for-this-test-alone';
const BEARER = { authorization: `Bearer ${TOKEN}` };
const JSON_TYPE = { ...BEARER, 'content-type': 'application/json' };
const QUESTION = { question: 'How do I restore a backup?' };
const SLOW = { question: 'Answer very slowly' };
const NOBODY = '11111111-1111-4111-8111-111111111111';

let postgres: TestPostgres;
let provider: LLMock;
let service: TestService;
let withoutDatabase: TestService;
let withModel: TestService;
let document: OpenApi;
/** Every status that was really answered, as `operationId status`. */
const seen = new Set<string>();

beforeAll(async () => {
  postgres = await startTestPostgres();
  provider = new LLMock({ port: 0 });
  await provider.start();
  provider.on({ userMessage: 'slowly' }, { content: 'at last' }, { chaos: { latencyMs: 3_000 } });
});
afterAll(async () => {
  await provider.stop();
  await postgres.stop();
});

/** The schemas of the document, compiled where a `$ref` of OpenAPI finds them. */
function compiled(schema: object) {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false });
  ajvFormats.default(ajv);
  ajv.addKeyword('components');
  return ajv.compile({ ...schema, components: document.components });
}

function operationOf(method: string, path: string): Operation {
  const found = Object.entries(document.paths).find(([template]) =>
    new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path.replace(/\?.*/, '')),
  )?.[1][method.toLowerCase()];
  if (found === undefined) throw new Error(`${method} ${path} is not described`);
  return found;
}

/** Asks, and holds the answer to what the document says of its status: kind, body and header. */
async function hold(to: TestService, method: string, path: string, init: RequestInit = {}): Promise<unknown> {
  const response = await to.get(path, { method, headers: BEARER, ...init });
  const { operationId, responses } = operationOf(method, path);
  const described = responses[response.status];
  if (described === undefined) throw new Error(`${operationId} is not described with ${response.status}`);
  seen.add(`${operationId} ${response.status}`);
  for (const [name, { required }] of Object.entries(described.headers ?? {}))
    if (name === 'X-Request-Id' || required === true)
      expect(response.headers.get(name), `${operationId} ${name}`).toBeTruthy();
  const text = await response.text();
  if (described.content === undefined) {
    expect(text).toBe('');
    return undefined;
  }
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const schema = described.content[type]?.schema;
  if (schema === undefined) throw new Error(`${operationId} ${response.status} is not described as ${type}`);
  const body: unknown = type.includes('json') ? JSON.parse(text) : text;
  const validate = compiled(schema);
  expect(validate(body), `${operationId} ${response.status}: ${JSON.stringify(validate.errors)}`).toBe(true);
  return body;
}

function post(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { headers: { ...JSON_TYPE, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

async function start(): Promise<void> {
  service = await startTestService({ databaseUrl: await postgres.createDatabase(), apiTokens: [TOKEN] });
  withoutDatabase = await startTestService({
    databaseUrl: `postgres://qna:pw@127.0.0.1:${await freePort()}/qna`,
    apiTokens: [TOKEN],
  });
  withModel = await startTestService({
    databaseUrl: await postgres.createDatabase(),
    apiTokens: [TOKEN],
    answerDeadlineMs: 800,
    provider: { apiKey: 'k', baseUrl: `${provider.url}/v1`, model: 'm', limits: { concurrency: 1, queue: 0 } },
  });
  for (const one of [service, withModel]) await until('it is ready', async () => (await one.get('/health/ready')).ok);
  document = (await (await service.get('/openapi.json')).json()) as OpenApi;
}

describe('the OpenAPI document', () => {
  it('describes what the service really answers: every operation, with every status that is listed', async () => {
    await start();
    const answer = (await hold(service, 'POST', '/v1/ask', post(QUESTION))) as { id: string; conversationId: string };
    const added = (await hold(service, 'POST', '/v1/documents', post({ title: 'A', body: 'Some text.' }))) as {
      id: number;
    };
    const conversation = `/v1/conversations/${answer.conversationId}`;
    await hold(service, 'GET', `/v1/answers/${answer.id}`);
    await hold(service, 'GET', `${conversation}?limit=1`);
    await hold(service, 'GET', '/v1/documents?limit=2');
    await hold(service, 'GET', '/v1/documents?query=backup');
    await hold(service, 'GET', `/v1/documents/${added.id}`);
    for (const path of ['/health/live', '/health/startup', '/health/ready', '/metrics', '/openapi.json'])
      await hold(service, 'GET', path);

    for (const [path, wrong] of [
      ['/v1/ask', { question: '' }],
      ['/v1/documents', {}],
    ] as const) {
      await hold(service, 'POST', path, post(wrong));
      await hold(service, 'POST', path, post('x'.repeat(1_600_000)));
      await hold(service, 'POST', path, { headers: { ...BEARER, 'content-type': 'text/plain' }, body: 'a' });
    }
    await hold(service, 'GET', `${conversation}?limit=0`);
    await hold(service, 'GET', '/v1/documents?limit=0');
    await hold(service, 'POST', '/v1/ask', post({ ...QUESTION, conversationId: NOBODY }));
    const key = { 'idempotency-key': 'one' };
    await hold(service, 'POST', '/v1/ask', post(QUESTION, key));
    await hold(service, 'POST', '/v1/ask', post({ question: 'Another?' }, key));
    await Promise.all([1, 2].map(() => hold(withModel, 'POST', '/v1/ask', post(SLOW, key))));
    await Promise.all([1, 2].map(() => hold(withModel, 'POST', '/v1/ask', post(SLOW))));
    for (const [method, path] of [
      ['GET', `/v1/answers/${NOBODY}`],
      ['GET', `/v1/conversations/${NOBODY}`],
      ['DELETE', `/v1/conversations/${NOBODY}`],
      ['GET', '/v1/documents/2000000000'],
      ['DELETE', '/v1/documents/2000000000'],
    ] as const)
      await hold(service, method, path);
    await hold(service, 'DELETE', `/v1/documents/${added.id}`);
    await hold(service, 'DELETE', conversation);

    for (const { method, route } of MEASURED_ROUTES.filter(({ route }) => route.startsWith('/v1/'))) {
      const path = route.replace(':id', route.includes('documents') ? '1' : NOBODY);
      const body =
        method === 'POST' ? { body: JSON.stringify(path === '/v1/ask' ? QUESTION : { title: 'A', body: 'B' }) } : {};
      await hold(service, method, path, { headers: { 'content-type': 'application/json' }, ...body });
      await hold(withoutDatabase, method, path, { headers: JSON_TYPE, ...body });
    }
    await hold(withoutDatabase, 'GET', '/health/ready');

    const listed = Object.values(document.paths).flatMap((item) =>
      Object.values(item)
        .filter(({ operationId }) => operationId !== undefined)
        .flatMap(({ operationId, responses }) => Object.keys(responses).map((status) => `${operationId} ${status}`)),
    );
    // A schema that is being brought up to date cannot be held still here; the tests of health do.
    const elsewhere = listed.filter((one) => one.endsWith(' default') || one === 'startup 503');
    expect([...seen, ...elsewhere].sort()).toEqual(listed.sort());
  });

  it('describes the events of a stream', async () => {
    await start();
    const asked = { method: 'POST', ...post(QUESTION, { accept: 'text/event-stream' }) };
    const response = await service.get('/v1/ask', asked);
    const schemas = { token: 'TokenEvent', tool: 'ToolEvent', done: 'Answer', error: 'ErrorEvent' } as const;
    for (const { event, data } of await allEvents(response)) {
      const name = schemas[event as keyof typeof schemas];
      expect(compiled({ $ref: `#/components/schemas/${name}` })(data), event).toBe(true);
    }
  });

  it('describes every endpoint of the application, and no other', async () => {
    await start();
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((method) => method !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    const ofApplication = described.filter((one) => !/ \/(?:health\/\w+|metrics)$/.test(one));
    expect(ofApplication.sort()).toEqual(MEASURED_ROUTES.map(({ method, route }) => `${method} ${route}`).sort());
  });

  it('is valid by the published schema of OpenAPI 3.1', async () => {
    await start();
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...structuredClone(document) });
    expect({ valid, errors, version: validator.version }).toEqual({ valid: true, errors: undefined, version: '3.1' });
    const broken = await validator.validate({ ...structuredClone(document), paths: { nowhere: 7 } });
    expect(broken.valid).toBe(false);
  });

  it('asks for a token where the service does', async () => {
    await start();
    expect(document.openapi).toBe('3.1.1');
    expect(document.security).toEqual([{ token: [] }]);
    const open = await startTestService({ databaseUrl: await postgres.createDatabase() });
    expect(((await (await open.get('/openapi.json')).json()) as OpenApi).security).toEqual([]);
  });
});
