// Fastify with its plugin for metrics and its own logger.
import Fastify from 'fastify';
import metrics from 'fastify-metrics';
import { timed } from './shared.mjs';

const app = Fastify({
  logger: { timestamp: () => `,"time":"${new Date().toISOString()}"`, formatters: { level: (level) => ({ level }) } },
  disableRequestLogging: true,
});
app.addHook('onSend', async (_request, reply) => void reply.header('x-content-type-options', 'nosniff'));
await app.register(metrics, {
  endpoint: '/metrics',
  routeMetrics: {
    enabled: { histogram: true, summary: false },
    overrides: { histogram: { buckets: [0.005, 0.05, 0.1, 0.5, 1, 3, 5, 10] } },
  },
});
const { client } = app.metrics;
// Names that the linter of Prometheus refuses.
for (const name of [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'nodejs_eventloop_utilization_summary',
  'nodejs_eventloop_utilization_histogram',
])
  client.register.removeSingleMetric(name);
const model = new client.Histogram({
  name: 'gen_ai_client_operation_duration_seconds',
  help: 'Duration of calls of the language model.',
  buckets: [0.1, 1, 10, 40, 80],
});
const tools = new client.Counter({ name: 'gen_ai_tool_calls_total', help: 'Calls of tools.' });
const tokens = new client.Counter({ name: 'gen_ai_tokens_total', help: 'Tokens that were used.' });

const health = (body) => (_request, reply) => reply.header('cache-control', 'no-store').send(body);
app.get('/health/live', health({ status: 'ok' }));
app.get('/health/ready', health({ status: 'ok', database: 'up' }));
app.post('/v1/ask', async (request, reply) => {
  if (typeof request.body?.question !== 'string') return reply.code(400).send({ title: 'Bad Request' });
  model.observe(await timed());
  tools.inc();
  tokens.inc(17);
  request.log.info({ reqId: request.id, method: request.method, route: '/v1/ask', status: 200 }, 'request');
  return { answer: 'Within 30 days.' };
});
app.setNotFoundHandler((_request, reply) => reply.code(404).send({ title: 'Not Found' }));
app.setErrorHandler((error, _request, reply) =>
  reply
    .code(error.statusCode ?? 500)
    .send({ title: error.statusCode === 400 ? 'Bad Request' : 'Internal Server Error' }),
);
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
