// Express with the middleware that most of its services take, set up so that callers cannot add series.
import express from 'express';
import bundle from 'express-prom-bundle';
import client from 'prom-client';
import { log, timed } from './shared.mjs';

const app = express();
app.disable('x-powered-by');
app.use((_request, response, next) => {
  response.set('x-content-type-options', 'nosniff');
  next();
});
app.use(
  bundle({
    includeMethod: true,
    includePath: true,
    // Prometheus itself writes a series of this name.
    includeUp: false,
    buckets: [0.005, 0.025, 0.1, 0.3, 1, 3, 10],
    normalizePath: (request) => request.route?.path ?? 'unmatched',
    transformLabels: (labels) => {
      if (!['GET', 'HEAD', 'POST'].includes(labels.method)) labels.method = 'other';
    },
  }),
);
app.use((request, response, next) => {
  response.on('finish', () => log(request, response, request.route?.path ?? 'unmatched'));
  next();
});
const model = new client.Histogram({
  name: 'gen_ai_client_operation_duration_seconds',
  help: 'Duration of calls of the language model.',
  buckets: [0.1, 1, 10, 40, 80],
});
const tools = new client.Counter({ name: 'gen_ai_tool_calls_total', help: 'Calls of tools.' });
const tokens = new client.Counter({ name: 'gen_ai_tokens_total', help: 'Tokens that were used.' });

app.set('etag', false);
const health = (body) => (_request, response) => response.set('cache-control', 'no-store').json(body);
app.get('/health/live', health({ status: 'ok' }));
app.get('/health/ready', health({ status: 'ok', info: { database: { status: 'up' } }, error: {} }));
app.all(['/health/live', '/health/ready'], (_request, response) =>
  response.set('allow', 'GET, HEAD').status(405).json({ title: 'Method Not Allowed' }),
);
app.post('/v1/ask', express.json(), async (request, response) => {
  if (typeof request.body?.question !== 'string') return response.status(400).json({ title: 'Bad Request' });
  model.observe(await timed());
  tools.inc();
  tokens.inc(17);
  return response.json({ answer: 'Within 30 days.' });
});
app.use((_request, response) => response.status(404).json({ title: 'Not Found' }));
app.use((error, _request, response, _next) =>
  response.status(error.status ?? 500).json({ title: error.status === 400 ? 'Bad Request' : 'Internal Server Error' }),
);
app.listen(Number(process.env.PORT), '127.0.0.1');
