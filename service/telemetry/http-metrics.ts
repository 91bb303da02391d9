import { type Endpoint, MEASURED_ROUTES, UNMATCHED } from './measured-routes.ts';
import type { Registry } from './prometheus.ts';

/** One request, when it is over. */
export interface EndedRequest {
  readonly endpoint: Endpoint;
  readonly status: number;
  /** The connection ended before the answer did. */
  readonly aborted: boolean;
  readonly seconds: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

export interface HttpMetrics {
  requestBegan(endpoint: Endpoint): void;
  requestEnded(request: EndedRequest): void;
  /** Refused so that those which were admitted go on well. */
  requestShed(reason: ShedReason): void;
}

export type ShedReason = (typeof SHED_REASONS)[number];

export const SHED_REASONS = ['overload', 'breaker', 'draining'] as const;

/** What nginx and others write where the client left first; no answer carries it. */
const LEFT = '499';

/** OpenTelemetry's advice for HTTP servers, carried on to what an answer may take. */
const ANSWER_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const OTEL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const SIZE_BUCKETS = [256, 4_096, 65_536, 1_048_576];

/** What a client can make the service answer where no endpoint takes its request. */
const UNMATCHED_STATUSES = ['400', '401', '404', '405', '413', '415', '429', LEFT, '500', '503'];

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const duration = registry.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last byte of its answer; requests whose client left are not in it.',
    labels: ['method', 'route'],
    buckets: ANSWER_BUCKETS,
  });
  const requests = registry.counter({
    name: 'http_requests_total',
    help: 'Requests that are over, by the status of the answer; 499 where the client left before it.',
    labels: ['method', 'route', 'status'],
  });
  const errors = registry.counter({
    name: 'http_request_errors_total',
    help: 'Requests that failed: by the client (4xx), by the server (5xx), or aborted before the answer was whole.',
    labels: ['method', 'route', 'error_type'],
  });
  const inProgress = registry.gauge({
    name: 'http_requests_in_progress',
    help: 'Requests that are being answered now.',
  });
  const shed = registry.counter({
    name: 'http_requests_shed_total',
    help: 'Requests that were refused at once, so that others are answered in time.',
    labels: ['reason'],
  });
  const otelDuration = registry.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP server requests, as OpenTelemetry names it.',
    labels: ['http_request_method', 'url_scheme', 'http_route', 'http_response_status_code', 'error_type'],
    buckets: OTEL_BUCKETS,
  });
  const otelActive = registry.gauge({
    name: 'http_server_active_requests',
    help: 'Number of active HTTP server requests, as OpenTelemetry names it.',
    labels: ['http_request_method', 'url_scheme'],
  });
  const requestSize = registry.histogram({
    name: 'http_server_request_body_size_bytes',
    help: 'Size of HTTP server request bodies, as OpenTelemetry names it.',
    labels: ['http_request_method', 'url_scheme', 'http_route'],
    buckets: SIZE_BUCKETS,
  });
  const responseSize = registry.histogram({
    name: 'http_server_response_body_size_bytes',
    help: 'Size of HTTP server response bodies, as OpenTelemetry names it.',
    labels: ['http_request_method', 'url_scheme', 'http_route'],
    buckets: SIZE_BUCKETS,
  });
  beginAtZero();
  return {
    requestBegan({ method }) {
      inProgress.add({}, 1);
      otelActive.add({ http_request_method: method, url_scheme: 'http' }, 1);
    },
    requestEnded({ endpoint, status, aborted, seconds, requestBytes, responseBytes }) {
      const { method, route } = endpoint;
      const otel = otelLabels(endpoint);
      inProgress.add({}, -1);
      otelActive.add({ http_request_method: method, url_scheme: 'http' }, -1);
      requests.add({ method, route, status: aborted ? LEFT : String(status) });
      const errorType = aborted ? 'aborted' : status >= 500 ? 'server' : status >= 400 ? 'client' : undefined;
      if (errorType !== undefined) errors.add({ method, route, error_type: errorType });
      if (!aborted) duration.observe({ method, route }, seconds);
      otelDuration.observe({ ...otel, ...outcomeOf(status, aborted) }, seconds);
      requestSize.observe(otel, requestBytes);
      responseSize.observe(otel, responseBytes);
    },
    requestShed: (reason) => shed.add({ reason }),
  };

  function beginAtZero(): void {
    inProgress.set({}, 0);
    for (const endpoint of [...MEASURED_ROUTES, UNMATCHED]) {
      const { method, route } = endpoint;
      const otel = otelLabels(endpoint);
      duration.zero({ method, route });
      for (const error_type of ['client', 'server', 'aborted']) errors.add({ method, route, error_type }, 0);
      otelActive.set({ http_request_method: method, url_scheme: 'http' }, 0);
      otelDuration.zero({ ...otel, ...outcomeOf(0, true) });
      requestSize.zero(otel);
      responseSize.zero(otel);
    }
    for (const { method, route, status } of MEASURED_ROUTES) {
      requests.add({ method, route, status: String(status) }, 0);
      otelDuration.zero({ ...otelLabels({ method, route }), ...outcomeOf(status, false) });
    }
    for (const status of UNMATCHED_STATUSES) {
      requests.add({ ...UNMATCHED, status }, 0);
      if (status !== LEFT) otelDuration.zero({ ...otelLabels(UNMATCHED), ...outcomeOf(Number(status), false) });
    }
    for (const reason of SHED_REASONS) shed.add({ reason }, 0);
  }
}

/** A request that no endpoint took has no route in OpenTelemetry's words. */
function otelLabels({ method, route }: Endpoint) {
  return { http_request_method: method, url_scheme: 'http', http_route: route === UNMATCHED.route ? '' : route };
}

/** OpenTelemetry calls a server's 4xx no error, and names a 5xx by its number. */
function outcomeOf(status: number, aborted: boolean) {
  if (aborted) return { http_response_status_code: '', error_type: 'aborted' };
  return { http_response_status_code: String(status), error_type: status >= 500 ? String(status) : '' };
}
