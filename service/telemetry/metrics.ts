import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { VERSION } from '../version.ts';

/** Every endpoint that is measured, so that each series exists, at zero, before its first request. */
export const MEASURED_ROUTES = [
  { method: 'POST', route: '/v1/ask' },
  { method: 'GET', route: '/v1/answers/:id' },
] as const;

export interface Metrics {
  readonly registry: Registry;
  readonly requestDuration: Histogram<'method' | 'route'>;
  readonly requests: Counter<'method' | 'route' | 'status'>;
  readonly requestErrors: Counter<'method' | 'route' | 'error_type'>;
  readonly requestsInProgress: Gauge;
  readonly providerDuration: Histogram<ProviderLabel>;
  readonly tokens: Counter<'gen_ai_token_type'>;
  readonly toolCalls: Counter<'gen_ai_tool_name' | 'outcome'>;
  readonly toolDuration: Histogram<'gen_ai_tool_name'>;
}

type ProviderLabel = 'gen_ai_operation_name' | 'gen_ai_provider_name' | 'gen_ai_request_model' | 'error_type';

/** OpenTelemetry's advice for HTTP servers, carried on to what an answer may take. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
/** OpenTelemetry's advice for calls of a model. */
const PROVIDER_BUCKETS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/** Gauges that prom-client names as if they were counters, which Prometheus' own linter refuses. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

export interface MetricsOptions {
  readonly provider: string;
  readonly model: string;
  readonly tools: readonly string[];
  readonly pool: () => { readonly total: number; readonly idle: number; readonly waiting: number };
}

export function createMetrics({ provider, model, tools, pool }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const metrics: Metrics = {
    registry,
    requestDuration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last byte of its answer.',
      labelNames: ['method', 'route'],
      buckets: REQUEST_BUCKETS,
      registers,
    }),
    requests: new Counter({
      name: 'http_requests_total',
      help: 'Requests that have been answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    requestErrors: new Counter({
      name: 'http_request_errors_total',
      help: 'Requests that failed: by the client (4xx), by the server (5xx), or aborted before the answer was whole.',
      labelNames: ['method', 'route', 'error_type'],
      registers,
    }),
    requestsInProgress: new Gauge({
      name: 'http_requests_in_progress',
      help: 'Requests that are being answered now.',
      registers,
    }),
    providerDuration: new Histogram({
      name: 'gen_ai_client_operation_duration_seconds',
      help: 'Time that a call of the model takes.',
      labelNames: ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model', 'error_type'],
      buckets: PROVIDER_BUCKETS,
      registers,
    }),
    tokens: new Counter({
      name: 'gen_ai_tokens_total',
      help: 'Tokens that the model was given and gave.',
      labelNames: ['gen_ai_token_type'],
      registers,
    }),
    toolCalls: new Counter({
      name: 'gen_ai_tool_calls_total',
      help: 'Tools that were called while answering.',
      labelNames: ['gen_ai_tool_name', 'outcome'],
      registers,
    }),
    toolDuration: new Histogram({
      name: 'gen_ai_execute_tool_duration_seconds',
      help: 'Time that a tool takes.',
      labelNames: ['gen_ai_tool_name'],
      buckets: PROVIDER_BUCKETS,
      registers,
    }),
  };
  observePool(registers, pool);
  new Gauge({ name: 'qna_build_info', help: 'The version that runs.', labelNames: ['version'], registers }).set(
    { version: VERSION },
    1,
  );
  beginAtZero(metrics, provider, model, tools);
  return metrics;
}

function observePool(registers: Registry[], pool: MetricsOptions['pool']): void {
  new Gauge({
    name: 'db_pool_connections',
    help: 'Connections of the pool, by what they do.',
    labelNames: ['state'],
    registers,
    collect() {
      const { total, idle } = pool();
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'used' }, total - idle);
    },
  });
  new Gauge({
    name: 'db_pool_waiting_requests',
    help: 'Work that waits for a connection of the pool.',
    registers,
    collect() {
      this.set(pool().waiting);
    },
  });
}

/** A rate over a series that does not exist yet is no number, so every series that can be known exists from the start. */
function beginAtZero(metrics: Metrics, provider: string, model: string, tools: readonly string[]): void {
  for (const { method, route } of MEASURED_ROUTES) {
    metrics.requestDuration.zero({ method, route });
    metrics.requests.inc({ method, route, status: '200' }, 0);
    for (const error_type of ['client', 'server', 'aborted'])
      metrics.requestErrors.inc({ method, route, error_type }, 0);
  }
  metrics.providerDuration.zero({
    gen_ai_operation_name: 'chat',
    gen_ai_provider_name: provider,
    gen_ai_request_model: model,
    error_type: '',
  });
  for (const gen_ai_token_type of ['input', 'output']) metrics.tokens.inc({ gen_ai_token_type }, 0);
  for (const gen_ai_tool_name of tools) {
    metrics.toolDuration.zero({ gen_ai_tool_name });
    for (const outcome of ['ok', 'error']) metrics.toolCalls.inc({ gen_ai_tool_name, outcome }, 0);
  }
}
