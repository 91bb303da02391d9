// node:http with the metrics of OpenTelemetry, as its exporter for Prometheus shows them.
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { AggregationType, MeterProvider } from '@opentelemetry/sdk-metrics';
import { log, timed } from './shared.mjs';

const exporter = new PrometheusExporter({ preventServerStart: true });
const buckets = (instrumentName, boundaries) => ({
  instrumentName,
  aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries } },
});
const provider = new MeterProvider({
  readers: [exporter],
  views: [
    buckets(
      'http.server.request.duration',
      [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    ),
    buckets('gen_ai.client.operation.duration', [0.01, 0.04, 0.16, 0.64, 2.56, 10.24, 40.96, 81.92]),
    buckets('gen_ai.execute_tool.duration', [0.01, 0.04, 0.16, 0.64, 2.56, 10.24]),
  ],
});
const meter = provider.getMeter('qna');
const seconds = (name, description) => meter.createHistogram(name, { description, unit: 's' });
const duration = seconds('http.server.request.duration', 'Duration of HTTP server requests.');
const model = seconds('gen_ai.client.operation.duration', 'Duration of calls of the language model.');
const tools = seconds('gen_ai.execute_tool.duration', 'Duration of calls of tools.');
const tokens = meter.createCounter('gen_ai.tokens', { description: 'Tokens that were used.' });

const LARGEST_QUESTION = 64 * 1024;
const send = (response, status, body, headers = {}) =>
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    })
    .end(JSON.stringify(body));
const routes = {
  '/health/live': { GET: async (_body, response) => send(response, 200, { status: 'pass' }) },
  '/health/ready': {
    GET: async (_body, response) => send(response, 200, { status: 'pass', checks: { database: [{ status: 'pass' }] } }),
  },
  '/v1/ask': {
    POST: async (body, response) => {
      if (body.length > LARGEST_QUESTION) return send(response, 413, { title: 'Content Too Large' });
      if (questionOf(body) === undefined) return send(response, 400, { title: 'Bad Request' });
      model.record(await timed(), { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'stub' });
      tools.record(0.002, { 'gen_ai.tool.name': 'search' });
      tokens.add(17);
      return send(response, 200, { answer: 'Within 30 days.' });
    },
  },
};
// Known before the first request, so that nothing appears out of nowhere.
model.record(0, { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'stub' });
tools.record(0, { 'gen_ai.tool.name': 'search' });
tokens.add(0);

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/metrics') return exporter.getMetricsRequestHandler(request, packing(request, response));
  const started = performance.now();
  const chunks = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      // What is too large is read to its end, and not kept.
      if (size <= LARGEST_QUESTION + chunk.length) chunks.push(chunk);
    }
  } catch {
    // The caller went away in the middle of its question.
    return undefined;
  }
  const route = routes[pathname];
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  response.on('finish', () => {
    const known = ['GET', 'HEAD', 'POST'].includes(request.method) ? request.method : '_OTHER';
    duration.record((performance.now() - started) / 1000, {
      'http.request.method': known,
      'http.response.status_code': response.statusCode,
      'url.scheme': 'http',
      ...(route === undefined ? {} : { 'http.route': pathname }),
    });
    log(request, response, route === undefined ? 'unmatched' : pathname);
  });
  if (route === undefined) return send(response, 404, { title: 'Not Found' });
  const handler = route[method];
  if (handler === undefined)
    return send(response, 405, { title: 'Method Not Allowed' }, { allow: Object.keys(route).join(', ') });
  return handler(Buffer.concat(chunks).toString(), response);
}).listen(Number(process.env.PORT), '127.0.0.1');

/** The exporter does not pack its page, which is long. */
function packing(request, response) {
  response.setHeader('vary', 'accept-encoding');
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return response;
  response.setHeader('content-encoding', 'gzip');
  const end = response.end.bind(response);
  response.end = (text) => end(gzipSync(text));
  return response;
}

function questionOf(body) {
  try {
    return JSON.parse(body).question;
  } catch {
    return undefined;
  }
}
