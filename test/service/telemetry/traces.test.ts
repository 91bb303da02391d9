import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { readSettings } from '../../../service/settings.ts';
import { startTestPostgres, type TestPostgres } from '../harness.ts';
import { startOtlpReceiver } from './otlp-receiver.ts';
import { runService } from './run-service.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const KEY = 'sk-test-c4nary-traces-key';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

/** A provider that calls a tool first and answers then, and keeps what headers it was sent. */
async function startProvider() {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push(request.headers);
    const answered = (JSON.parse(body) as { messages: { role: string }[] }).messages.some(
      ({ role }) => role === 'tool',
    );
    const call = {
      id: 'call_1',
      type: 'function',
      function: { name: 'search_documents', arguments: '{"query":"backup"}' },
    };
    const message = answered
      ? { role: 'assistant', content: 'Use pg_restore.' }
      : { role: 'assistant', content: null, tool_calls: [call] };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        id: 'c',
        object: 'chat.completion',
        created: 0,
        model: 'test-model-1',
        choices: [{ index: 0, finish_reason: answered ? 'stop' : 'tool_calls', message }],
        usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen };
}

async function ask(url: string, headers: Readonly<Record<string, string>> = {}, path = '/v1/ask') {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ question: 'How do I restore a backup?' }),
  });
  await response.text();
  return response.status;
}

async function readyService(environment: Readonly<Record<string, string>>, options: readonly string[] = []) {
  const service = runService({ DATABASE_URL: await postgres.createDatabase(), ...environment }, options);
  const url = await service.url();
  await until('it is ready', async () => (await fetch(`${url}/health/ready`)).ok);
  return { service, url };
}

describe('traces', () => {
  it.each(['http/protobuf', 'http/json'])(
    'tell, as %s, a request, each call of the model, each tool and each group of queries, in the trace of the caller',
    async (protocol) => {
      const receiver = await startOtlpReceiver();
      const provider = await startProvider();
      const { service, url } = await readyService({
        OPENAI_API_KEY: KEY,
        OPENAI_BASE_URL: provider.url,
        OPENAI_MODEL: 'test-model',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_HEADERS: 'api-key=c4nary-collector',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        OTEL_SERVICE_NAME: 'qna-under-test',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
        OTEL_BSP_SCHEDULE_DELAY: '20',
      });
      expect(await ask(url, { traceparent: `00-${TRACE}-${CALLER}-01` }, '/v1/ask?api_key=c4nary-query')).toBe(200);
      await until('the request is told', () => receiver.spans.some(({ name }) => name === 'POST /v1/ask'));
      const spans = [...receiver.spans];
      const named = (name: string) => spans.filter((span) => span.name === name);
      expect(spans.map(({ name }) => name).sort()).toEqual(
        [
          'POST /v1/ask',
          'chat test-model',
          'chat test-model',
          'execute_tool search_documents',
          'SELECT documents',
          'INSERT answers',
        ].sort(),
      );
      const [root] = named('POST /v1/ask');
      const [tool] = named('execute_tool search_documents');
      const [first, second] = named('chat test-model');
      expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
      expect(root).toMatchObject({
        parentSpanId: CALLER,
        kind: 2,
        status: 0,
        attributes: {
          'http.request.method': 'POST',
          'http.route': '/v1/ask',
          'url.path': '/v1/ask',
          'url.scheme': 'http',
          'http.response.status_code': 200,
        },
        resource: { 'service.name': 'qna-under-test', 'deployment.environment.name': 'test' },
      });
      for (const call of [first, second])
        expect(call).toMatchObject({
          parentSpanId: root?.spanId,
          kind: 3,
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.provider.name': 'openai',
            'gen_ai.request.model': 'test-model',
            'gen_ai.response.model': 'test-model-1',
            'gen_ai.usage.input_tokens': 11,
            'gen_ai.usage.output_tokens': 7,
          },
        });
      expect(tool).toMatchObject({
        parentSpanId: root?.spanId,
        kind: 1,
        attributes: { 'gen_ai.tool.name': 'search_documents' },
      });
      expect(named('SELECT documents')[0]).toMatchObject({
        parentSpanId: tool?.spanId,
        kind: 3,
        attributes: { 'db.system.name': 'postgresql' },
      });
      expect(named('INSERT answers')[0]).toMatchObject({ parentSpanId: root?.spanId });
      for (const span of spans) {
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        expect(span.start).toBeGreaterThanOrEqual(root?.start ?? 0n);
        expect(span.end).toBeLessThanOrEqual(root?.end ?? 0n);
      }
      // The provider goes on with the span of the very call.
      expect(provider.seen.map(({ traceparent }) => traceparent).sort()).toEqual(
        [first, second].map((call) => `00-${TRACE}-${call?.spanId}-01`).sort(),
      );
      // So does the log: a line within the request names the span that it was written in.
      const logged = service
        .stdout()
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .find(({ msg }) => msg === 'request answered');
      expect(logged).toMatchObject({ trace_id: TRACE, span_id: root?.spanId, trace_flags: '01' });
      expect(receiver.requests[0]).toMatchObject({
        path: '/v1/traces',
        headers: { 'api-key': 'c4nary-collector', 'content-encoding': 'gzip' },
      });
      const told = JSON.stringify([spans, service.stdout()], (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      expect(told).not.toContain('c4nary');
    },
  );

  it('tell a failure by its kind, begin anew without a caller, leave out what a caller did not sample, and lose nothing at the end', async () => {
    const receiver = await startOtlpReceiver();
    const { service, url } = await readyService({
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/custom/path`,
      // So long that only the end of the process sends anything.
      OTEL_BSP_SCHEDULE_DELAY: '600000',
    });
    // The model cannot be reached, so the documents answer in its place.
    expect(await ask(url, { traceparent: `00-${TRACE}-${CALLER}-00` })).toBe(200);
    expect(await ask(url)).toBe(200);
    expect((await fetch(`${url}/nowhere/sk-c4nary-in-a-path`)).status).toBe(404);
    service.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    const { spans } = receiver;
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/custom/path']);
    expect(spans.map(({ name, status, attributes }) => [name, status, attributes['error.type']]).sort()).toEqual([
      ['INSERT answers', 0, undefined],
      ['POST /v1/ask', 0, undefined],
      ['SELECT documents', 0, undefined],
      ['_OTHER', 0, undefined],
      // The third try of the second question finds the breaker open.
      ['chat gpt-4.1-mini', 2, 'unavailable'],
      ['chat gpt-4.1-mini', 2, 'unavailable'],
      ['execute_tool search_documents', 0, undefined],
    ]);
    for (const span of spans) expect(span.traceId).not.toBe(TRACE);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === '').length).toBe(2);
    expect(
      JSON.stringify(spans, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('c4nary');
  });

  it('cost no request anything when the collector is away, and one line tells of it', async () => {
    const { service, url } = await readyService({
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
      OTEL_BSP_SCHEDULE_DELAY: '10',
    });
    const complaints = () => service.stdout().filter((line) => line.includes('more of this is not told for a minute'));
    for (let n = 0; n < 5; n += 1) expect(await ask(url)).toBe(200);
    await until('it is told', () => complaints().length > 0);
    const started = performance.now();
    service.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(complaints().length).toBe(1);
    expect(service.stderr()).toBe('');
  });

  it('are off by default: not one file of their libraries is read, and the ids are there all the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qna-ready-modules-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const hook = ['--import', join(import.meta.dirname, 'loaded-modules.mjs')];
    const provider = await startProvider();
    const receiver = await startOtlpReceiver();
    // prom-client reads the API's package for its own exemplars, traces or not.
    const loadedWith = async (name: string, environment: Readonly<Record<string, string>>) => {
      const { service, url } = await readyService(
        { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: provider.url, LOADED_MODULES: join(folder, name), ...environment },
        hook,
      );
      expect(await ask(url, { traceparent: `00-${TRACE}-${CALLER}-01` })).toBe(200);
      service.kill('SIGTERM');
      expect(await service.ended).toBe(0);
      expect(service.stdout().join('\n')).toContain(TRACE);
      return readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter((file) => file !== '' && !file.includes('/@opentelemetry/api/'));
    };
    expect(await loadedWith('off', {})).toEqual([]);
    expect(
      await loadedWith('disabled', { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }),
    ).toEqual([]);
    expect(
      await loadedWith('none', { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }),
    ).toEqual([]);
    for (const { traceparent } of provider.seen)
      expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    // The way to look works: switched on, there are many.
    expect((await loadedWith('on', { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })).length).toBeGreaterThan(10);
    expect(receiver.spans.length).toBeGreaterThan(0);
  });

  it('are refused, every fault at once, where the variables ask for what cannot be done', () => {
    const env = {
      DATABASE_URL: 'postgres://localhost/qna',
      API_AUTH: 'off',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_TRACES_SAMPLER: 'sometimes',
      OTEL_TRACES_SAMPLER_ARG: '2',
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '20',
    };
    expect(() => readSettings(env)).toThrow(
      /OTEL_EXPORTER_OTLP_PROTOCOL must be one of http\/protobuf, http\/json\..*OTEL_BSP_MAX_EXPORT_BATCH_SIZE must not.*OTEL_TRACES_SAMPLER must be one of.*OTEL_TRACES_SAMPLER_ARG must be/s,
    );
    expect(() => readSettings({ ...env, OTEL_TRACES_EXPORTER: 'console' })).toThrow(
      'OTEL_TRACES_EXPORTER must be otlp or none',
    );
    expect(
      readSettings({ DATABASE_URL: env.DATABASE_URL, API_AUTH: 'off', OTEL_SERVICE_NAME: 'x' }).tracing,
    ).toBeUndefined();
  });
});
