// Express as its users write it: JSON errors, no banner, metrics by route template, prom-client's own metrics beside them.
import express from 'express';
import client from 'prom-client';
import { log, timed } from './shared.mjs';

client.collectDefaultMetrics();
// Gauges that are called _total, which the linter of Prometheus refuses.
for (const name of ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'])
  client.register.removeSingleMetric(name);
const duration = new client.Histogram({
  name: 'http_request_duration_seconds',
  help: 'Duration of requests.',
  labelNames: ['method', 'route', 'status_code'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});
const model = new client.Histogram({
  name: 'llm_request_duration_seconds',
  help: 'Duration of calls of the language model.',
  labelNames: ['model'],
  buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80],
});
model.zero({ model: 'stub' });
const tools = new client.Counter({
  name: 'tool_calls_total',
  help: 'Calls of tools.',
  labelNames: ['tool'],
});
tools.inc({ tool: 'search' }, 0);
const tokens = new client.Counter({ name: 'gen_ai_tokens_total', help: 'Tokens that were used.' });

const METHODS = ['GET', 'HEAD', 'POST'];
const app = express();
app.disable('x-powered-by');
app.use((request, response, next) => {
  response.set('x-content-type-options', 'nosniff');
  const end = duration.startTimer();
  response.on('finish', () => {
    const route = request.route?.path ?? 'unmatched';
    const method = METHODS.includes(request.method) ? request.method : 'other';
    end({ method, route, status_code: response.statusCode });
    log(request, response, route);
  });
  next();
});
const health = (body) => (_request, response) => response.set('cache-control', 'no-store').json(body);
const refuse = (allow) => (_request, response) =>
  response.set('allow', allow).status(405).json({ title: 'Method Not Allowed' });
app.get('/health/live', health({ status: 'pass' }));
app.get('/health/ready', health({ status: 'pass', checks: { database: [{ status: 'pass' }] } }));
app.all(['/health/live', '/health/ready'], refuse('GET, HEAD'));
app.get('/metrics', async (_request, response) => {
  response.set('content-type', client.register.contentType).end(await client.register.metrics());
});
app.post('/v1/ask', express.json(), async (request, response) => {
  if (typeof request.body?.question !== 'string') return response.status(400).json({ title: 'Bad Request' });
  model.observe({ model: 'stub' }, await timed());
  tools.inc({ tool: 'search' });
  tokens.inc(17);
  return response.json({ answer: 'Within 30 days.' });
});
app.use((_request, response) => response.status(404).json({ title: 'Not Found' }));
app.use((error, _request, response, _next) =>
  response.status(error.status ?? 500).json({ title: error.status === 400 ? 'Bad Request' : 'Internal Server Error' }),
);
app.listen(Number(process.env.PORT), '127.0.0.1');
