// What the programs for Node have in common.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** One line for each request that an operator would look for. */
export function log(request, response, route) {
  if (route === '/metrics' || String(route).startsWith('/health')) return;
  const line = {
    level: 'info',
    time: new Date().toISOString(),
    msg: 'request',
    requestId: randomUUID(),
    method: request.method,
    route,
    status: response.statusCode,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Stands for a call of the model; gives its seconds. */
export async function timed() {
  const started = performance.now();
  await delay(15);
  return (performance.now() - started) / 1000;
}
