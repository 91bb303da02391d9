import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ProviderHealth } from '../answering/ask.ts';
import type { Readiness } from '../readiness.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface DispatcherParts {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly provider: () => ProviderHealth;
  readonly isDraining: () => boolean;
  readonly app: RequestListener;
}

/**
 * Answers the endpoints of operation itself, in front of the application: probes are then quick when the application is busy,
 * and do not flatter its latency.
 */
export function createDispatcher({ readiness, metrics, provider, isDraining, app }: DispatcherParts): RequestListener {
  const endpoints: Readonly<Record<string, (response: ServerResponse) => Promise<void> | void>> = {
    '/health/live': (response) => sendHealth(response, 200, { status: 'pass' }),
    '/health/ready': async (response) => {
      const { ready, database, checkedAt } = await readiness.check();
      const { failing } = provider();
      sendHealth(response, ready ? 200 : 503, {
        status: ready ? (failing ? 'warn' : 'pass') : 'fail',
        checks: {
          'database:connection': [{ componentType: 'datastore', status: database, time: checkedAt }],
          'llm:responses': [{ componentType: 'component', status: failing ? 'warn' : 'pass', time: checkedAt }],
        },
      });
    },
    '/metrics': async (response) => {
      const { contentType, body } = await metrics.page(response.req.headers.accept);
      send(response, 200, contentType, body);
    },
  };
  return (request, response) => {
    if (isDraining()) response.setHeader('Connection', 'close');
    const answer = endpoints[pathOf(request)];
    if (answer === undefined) app(request, response);
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      send(
        response,
        405,
        'application/problem+json',
        JSON.stringify({ type: 'about:blank', title: 'Method not allowed', status: 405 }),
      );
    } else
      Promise.resolve(answer(response)).catch(() =>
        send(response, 500, 'text/plain; charset=utf-8', 'Internal error\n'),
      );
  };
}

function sendHealth(response: ServerResponse, status: number, body: object): void {
  send(response, status, 'application/health+json', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
