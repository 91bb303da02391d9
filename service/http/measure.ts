import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EndedRequest } from '../telemetry/http-metrics.ts';
import type { Logger } from '../telemetry/logging.ts';
import { endpointOf, UNMATCHED } from '../telemetry/measured-routes.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Span } from '../telemetry/tracer.ts';
import { currentRequest, withRequest } from './request-context.ts';

/** Measures one request, and logs it when it is over. The route is its template: raw paths would make a series each. */
export function measure(request: IncomingMessage, response: ServerResponse, metrics: Metrics, logger: Logger): void {
  const started = performance.now();
  const context = currentRequest();
  const endpoint = endpointOf(request.method ?? '', request.url ?? '/');
  const { socket } = request;
  const writtenBefore = socket.bytesWritten;
  metrics.requestBegan(endpoint);
  response.once('close', () => {
    const seconds = (performance.now() - started) / 1000;
    const aborted = !response.writableFinished;
    const status = response.statusCode;
    const ended = {
      endpoint,
      status,
      aborted,
      seconds,
      requestBytes: lengthOf(request.headers['content-length']) ?? 0,
      // An answer in pieces tells no length, so what the connection carried stands for it, head included.
      responseBytes: lengthOf(response.getHeader('content-length')) ?? socket.bytesWritten - writtenBefore,
    };
    const fields = {
      // A log line may say which method an unknown request had; a series may not.
      method: request.method,
      route: endpoint.route,
      status,
      durationMs: Math.round(seconds * 1000),
      ...(aborted ? { aborted } : {}),
    };
    const tell = () => {
      metrics.requestEnded(ended);
      endSpan(context?.span, request, ended);
      logger[!aborted && status >= 500 ? 'error' : 'info'](fields, 'request answered');
    };
    // The event comes from the connection, which belongs to no request.
    if (context === undefined) tell();
    else withRequest(context, tell);
  });
}

function endSpan(span: Span | undefined, request: IncomingMessage, { endpoint, status, aborted }: EndedRequest): void {
  if (span === undefined) return;
  const route = endpoint.route === UNMATCHED.route ? undefined : endpoint.route;
  span.rename(route === undefined ? endpoint.method : `${endpoint.method} ${route}`);
  span.set({
    'http.request.method': request.method,
    'url.scheme': 'http',
    'url.path': (request.url ?? '/').replace(/[?#].*$/s, '').slice(0, 500),
    'http.route': route,
    'http.response.status_code': aborted ? undefined : status,
  });
  if (aborted || status >= 500) span.fail(aborted ? 'aborted' : String(status));
  span.end();
}

function lengthOf(header: number | string | string[] | undefined): number | undefined {
  const length = Number(header ?? Number.NaN);
  return Number.isSafeInteger(length) && length >= 0 ? length : undefined;
}
