import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../scripts/wait.ts';
import { MEASURED_ROUTES } from '../../../service/telemetry/measured-routes.ts';
import { METRIC_MAPPING } from '../../../service/telemetry/metric-mapping.ts';
import { checkStructure } from '../../../src/prometheus/check-structure.ts';
import { parseExposition } from '../../../src/prometheus/parse-exposition.ts';
import { checkMetrics, findPromtool, NO_PROMTOOL } from '../../prometheus/find-promtool.ts';
import { seriesOf, startTestPostgres, startTestService, type TestPostgres, type TestService } from '../harness.ts';

const SERVICE = join(import.meta.dirname, '../../../service');
const PROMETHEUS_ACCEPTS =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

let postgres: TestPostgres;
let promtool: string | undefined;
beforeAll(async () => {
  promtool = await findPromtool();
  if (promtool === undefined) process.stderr.write(`metrics.test: ${NO_PROMTOOL}\n`);
}, 3_600_000);
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

async function readyService(): Promise<TestService> {
  const service = await startTestService({ databaseUrl: await postgres.createDatabase() });
  await until('it is ready', async () => (await service.get('/health/ready')).ok);
  return service;
}

async function pageOf(service: TestService, accept?: string): Promise<string> {
  return (await service.get('/metrics', accept === undefined ? {} : { headers: { accept } })).text();
}

/** The series of a page without their values. The runtime's own come and go with what it does. */
function seriesIn(page: string): readonly string[] {
  return page
    .split('\n')
    .filter((line) => line !== '' && !/^(?:#|nodejs_|process_)/.test(line))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));
}

/** Asks a question as a part of the caller's trace. */
async function askWithin(service: TestService, traceparent: string): Promise<void> {
  await service.ask('How do I restore a backup?', { headers: { 'content-type': 'application/json', traceparent } });
}

describe('the metrics page', () => {
  it('is clean for Prometheus’ own linter before the first request and after many kinds of them', async () => {
    if (promtool === undefined) return;
    const service = await readyService();
    expect(checkMetrics(promtool, await pageOf(service))).toEqual({ status: 0, output: '' });
    await service.ask('How do I restore a backup?');
    await service.ask('');
    await service.get('/nowhere');
    expect(checkMetrics(promtool, await pageOf(service))).toEqual({ status: 0, output: '' });
  });

  it.each([
    ['gzip', 'gzip'],
    ['br;q=1.0, GZIP;q=0.8', 'gzip'],
    ['gzip;q=0', undefined],
    ['identity', undefined],
    ['', undefined],
  ])('is packed for whom it may be packed for: %j gets %s', async (encodings, expected) => {
    const service = await readyService();
    // fetch would unpack it, and ask for more than it was told to.
    const { headers, body } = await new Promise<{ headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
      request({ port: service.port, path: '/metrics', headers: { 'accept-encoding': encodings } }, async (answer) =>
        resolve({ headers: answer.headers, body: await buffer(answer) }),
      )
        .on('error', reject)
        .end();
    });
    expect(headers['content-encoding']).toBe(expected);
    expect(headers.vary).toBe('Accept, Accept-Encoding');
    expect(Number(headers['content-length'])).toBe(body.length);
    const text = (expected === undefined ? body : gunzipSync(body)).toString('utf8');
    expect(seriesIn(text)).toEqual(seriesIn(await pageOf(service)));
  });

  it('is read, exemplars and all, by Prometheus’ own parser of OpenMetrics', async () => {
    if (promtool === undefined) return;
    const service = await readyService();
    await askWithin(service, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    const page = await pageOf(service, PROMETHEUS_ACCEPTS);
    expect(page).toContain(' # {trace_id="');
    const folder = mkdtempSync(join(tmpdir(), 'qna-ready-openmetrics-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const load = (text: string) => {
      const file = join(folder, 'page.om');
      // The one way in which promtool reads this format wants a time for each sample, which a scrape does without.
      writeFileSync(file, text.replace(/^([^#\s][^\s{]*(?:\{[^}]*\})? \S+)/gm, '$1 1700000000.000'));
      return spawnSync(promtool ?? '', ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')], {
        encoding: 'utf8',
      });
    };
    const read = load(page);
    expect(read.status, read.stderr).toBe(0);
    expect(load(page.replace('# EOF\n', '')).status).not.toBe(0);
  });

  it.each([
    [undefined, 'text/plain; version=0.0.4; charset=utf-8'],
    ['*/*', 'text/plain; version=0.0.4; charset=utf-8'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'text/plain; version=0.0.4; charset=utf-8'],
    ['text/plain;version=0.0.4', 'text/plain; version=0.0.4; charset=utf-8'],
    ['application/openmetrics-text;version=0.0.1', 'text/plain; version=0.0.4; charset=utf-8'],
    ['application/openmetrics-text;q=0.2,text/plain;q=0.9', 'text/plain; version=0.0.4; charset=utf-8'],
    ['application/openmetrics-text', 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
    [PROMETHEUS_ACCEPTS, 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
  ])('for Accept %s is %s', async (accept, contentType) => {
    const service = await readyService();
    const response = await service.get('/metrics', accept === undefined ? {} : { headers: { accept } });
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe(contentType);
    const format = contentType.startsWith('text') ? 'text' : 'openmetrics';
    const exposition = parseExposition(page, format);
    expect(exposition.faults).toEqual([]);
    expect(checkStructure(exposition)).toEqual([]);
    expect(page.endsWith('# EOF\n')).toBe(format === 'openmetrics');
  });

  it('names, in OpenMetrics, the sampled trace of a request that fell into a bucket, and never in the text', async () => {
    const service = await readyService();
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await askWithin(service, `00-${traceId}-00f067aa0ba902b7-01`);
    await askWithin(service, '00-af7651916cd43dd8448eb211c80319c7-b7ad6b7169203331-00');
    const page = await pageOf(service, PROMETHEUS_ACCEPTS);
    const exemplar = new RegExp(
      `# \\{trace_id="${traceId}"\\} [0-9.e-]+ ${String(Date.now()).slice(0, 6)}\\d{4}\\.\\d{3}$`,
    );
    for (const family of [
      'http_request_duration_seconds',
      'http_server_request_duration_seconds',
      'gen_ai_client_operation_duration_seconds',
    ]) {
      const lines = page.split('\n').filter((line) => line.startsWith(`${family}_bucket`) && line.includes(' # '));
      expect(lines.length, family).toBe(1);
      expect(lines[0]).toMatch(exemplar);
    }
    expect(page).toContain('le="1.0"');
    const text = await pageOf(service);
    expect(text).not.toContain(traceId);
    // Writing one format changes nothing about the other.
    expect(text).toContain('# TYPE http_requests_total counter');
  });

  it('knows every series that a client can make, whatever it asks for and however', async () => {
    const service = await readyService();
    const before = seriesIn(await pageOf(service));
    const methods = ['GET', 'PUT', 'PURGE', 'MKCOL', 'SEARCH', 'PROPFIND', 'OPTIONS', 'DELETE', 'PATCH', 'HEAD'];
    await Promise.all(
      Array.from({ length: 20 }, async (_, lane) => {
        for (let n = 0; n < 50; n += 1) {
          const path = `/${crypto.randomUUID()}/${'x'.repeat(n)}?id=${lane}`;
          await send(service.port, methods[n % methods.length] ?? 'GET', path);
        }
      }),
    );
    for (const method of methods) await send(service.port, method, '/v1/ask');
    await send(service.port, 'HEAD', '/v1/ask/');
    await raw(service.port, 'BREW /coffee HTTP/1.1\r\nHost: x\r\n\r\n');
    const page = await pageOf(service);
    const after = seriesIn(page);
    expect(after.filter((series) => !before.includes(series))).toEqual([]);
    expect(before.length).toBeLessThan(1_500);
    expect(
      seriesOf(page, 'http_requests_total{method="_OTHER",route="unmatched",status="404"}'),
    ).toBeGreaterThanOrEqual(1_000);
  });

  it('counts a client that leaves apart: no error of the server, and no time of an answer', async () => {
    const service = await readyService();
    const before = await pageOf(service);
    const socket = connect(service.port, '127.0.0.1');
    // The body never comes whole, so the request is being answered for as long as the client stays.
    socket.write(
      'POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"que',
    );
    const active = 'http_requests_in_progress';
    await until('the request is in progress', async () => seriesOf(await pageOf(service), active) === 1);
    socket.destroy();
    await until('the request is over', async () => seriesOf(await pageOf(service), active) === 0);
    const page = await pageOf(service);
    const moved = (series: string) => (seriesOf(page, series) ?? Number.NaN) - (seriesOf(before, series) ?? Number.NaN);
    expect(moved('http_request_errors_total{method="POST",route="/v1/ask",error_type="aborted"}')).toBe(1);
    expect(moved('http_request_errors_total{method="POST",route="/v1/ask",error_type="client"}')).toBe(0);
    expect(moved('http_request_errors_total{method="POST",route="/v1/ask",error_type="server"}')).toBe(0);
    expect(moved('http_request_duration_seconds_count{method="POST",route="/v1/ask"}')).toBe(0);
    expect(seriesOf(page, 'http_requests_total{method="POST",route="/v1/ask",status="499"}')).toBe(1);
    expect(
      moved(
        'http_server_request_duration_seconds_count{http_request_method="POST",url_scheme="http",http_route="/v1/ask",http_response_status_code="",error_type="aborted"}',
      ),
    ).toBe(1);
  });

  it('has every family of OpenTelemetry that the mapping promises, under a name that it documents, from the start', async () => {
    const service = await readyService();
    const page = await pageOf(service);
    const documentation = readFileSync(join(SERVICE, '../docs/metrics.md'), 'utf8');
    for (const { openTelemetry, translated, ours } of METRIC_MAPPING.rows) {
      for (const name of [translated, ours].filter((family) => family !== undefined)) {
        expect(page).toContain(`# TYPE ${name} `);
        expect(seriesIn(page).some((series) => series.startsWith(name)) || name.startsWith('nodejs_'), name).toBe(true);
      }
      expect(documentation).toContain(`| \`${openTelemetry}\` |`);
    }
    for (const [, family] of page.matchAll(/^# TYPE (\S+)/gm))
      if (!/^(?:nodejs|process)_/.test(family ?? '')) expect(documentation, family).toContain(`\`${family}\``);
    const { version } = METRIC_MAPPING.versions;
    expect(page).toContain(`qna_metrics_mapping_info{version="${version}"`);
    expect(documentation).toContain(`Version ${version} of the mapping`);
  });

  it('measures every endpoint that the application declares', () => {
    const source = readFileSync(join(SERVICE, 'http/app.ts'), 'utf8');
    const declared = [...source.matchAll(/declareEndpoint\(app, '([^']+)', (\{[\s\S]*?\})\);/g)].flatMap(
      ([, route, methods = '']) =>
        [...methods.matchAll(/\b(get|post|delete): \[/g)].map(([, method = '']) => `${method.toUpperCase()} ${route}`),
    );
    expect(declared.length).toBeGreaterThan(0);
    expect(MEASURED_ROUTES.map(({ method, route }) => `${method} ${route}`).sort()).toEqual(declared.sort());
  });

  it('is made by one file alone that knows the library', () => {
    const users = readdirSync(SERVICE, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && readFileSync(join(SERVICE, file), 'utf8').includes("from 'prom-client'"),
    );
    expect(users).toEqual(['telemetry/prometheus.ts']);
  });
});

/** fetch knows fewer methods than servers do. */
function send(port: number, method: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end();
  });
}

function raw(port: number, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
}
