import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../telemetry/logging.ts';
import type { Metrics } from '../telemetry/metrics.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Measures one request, and logs it when it is over. The route is its template: raw paths would make a series each. */
export function measure(request: IncomingMessage, response: ServerResponse, metrics: Metrics, logger: Logger): void {
  const started = performance.now();
  metrics.requestsInProgress.inc();
  response.once('close', () => {
    metrics.requestsInProgress.dec();
    const seconds = (performance.now() - started) / 1000;
    const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : '_OTHER';
    const route = routeOf(request);
    const aborted = !response.writableFinished;
    const status = response.statusCode;
    metrics.requestDuration.observe({ method, route }, seconds);
    metrics.requests.inc({ method, route, status: aborted ? '499' : String(status) });
    const errorType = aborted ? 'aborted' : status >= 500 ? 'server' : status >= 400 ? 'client' : undefined;
    if (errorType !== undefined) metrics.requestErrors.inc({ method, route, error_type: errorType });
    const fields = { method, route, status, durationMs: Math.round(seconds * 1000), ...(aborted ? { aborted } : {}) };
    logger[errorType === 'server' ? 'error' : 'info'](fields, 'request answered');
  });
}

function routeOf(request: IncomingMessage): string {
  const { baseUrl = '', route } = request as IncomingMessage & {
    readonly baseUrl?: string;
    readonly route?: { readonly path?: unknown };
  };
  return typeof route?.path === 'string' ? baseUrl + route.path : 'unmatched';
}
