import { createServer } from 'node:http';
import pg from 'pg';

// A question-answering service as other teams write them: other names for its settings, its paths and its log fields.
const say = (severity, message, more = {}) =>
  console.log(JSON.stringify({ ts: new Date().toISOString(), severity, message, ...more }));

if (!['', 'DEBUG', 'INFO', 'WARNING'].includes(process.env.VERBOSITY ?? '')) {
  say('CRITICAL', 'VERBOSITY must be DEBUG, INFO or WARNING.');
  process.exit(1);
}
const database = new pg.Pool({ connectionString: process.env.DATABASE_DSN, max: 2, connectionTimeoutMillis: 1_000 });
database.on('error', () => say('ERROR', 'The database closed a connection.'));
const counts = new Map();

const LIVE = ['/healthz', '/actuator/health/liveness', '/ping'];
const READY = ['/readyz', '/actuator/health/readiness', '/ping/deep'];
const METRICS = ['/metrics', '/actuator/prometheus'];

async function answer(path) {
  if (LIVE.includes(path)) return [200, '{"status":"UP"}'];
  if (READY.includes(path))
    return database.query('SELECT 1').then(
      () => [200, '{"status":"UP"}'],
      () => [503, '{"status":"DOWN"}'],
    );
  if (METRICS.includes(path)) {
    const lines = [...counts].map(([code, count]) => `http_server_requests_total{code="${code}"} ${count}\n`);
    return [200, `# TYPE http_server_requests_total counter\n${lines.join('')}`];
  }
  return [404, '{"status":"NOT_FOUND"}'];
}

async function respond(request, response) {
  const path = new URL(request.url, 'http://localhost').pathname;
  const [code, body] = await answer(path);
  counts.set(code, (counts.get(code) ?? 0) + 1);
  const type = METRICS.includes(path) ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json';
  response.writeHead(code, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

const ports = [process.env.PORT ?? '3000', process.env.MANAGEMENT_PORT].filter((port) => port !== undefined);
const servers = ports.map((port) => createServer(respond).listen(Number(port)));
say('INFO', 'The service takes requests.', { ports });
process.once('SIGTERM', async () => {
  for (const server of servers) server.close();
  await database.end();
});
