import { performance } from 'node:perf_hooks';
import { currentRequest, SAMPLED } from '../http/request-context.ts';
import { VERSION } from '../version.ts';
import { type BreakerMetrics, createBreakerMetrics } from './breaker-metrics.ts';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.ts';
import { METRIC_MAPPING } from './metric-mapping.ts';
import { createPoolMetrics, type PoolMetrics, type PoolState } from './pool-metrics.ts';
import { createRegistry, type MetricsPage, type Registry } from './prometheus.ts';
import { createProviderMetrics, type ProviderMetrics, type ProviderNames } from './provider-metrics.ts';

/** Whatever the service counts, in its own words: who calls these knows no metric's name and no label. */
export interface Metrics extends HttpMetrics, ProviderMetrics, BreakerMetrics, PoolMetrics {
  /** The page of a scrape, in the format that the request's Accept header prefers. */
  page(accept?: string): Promise<MetricsPage>;
}

export interface MetricsOptions extends ProviderNames {
  readonly pool: () => PoolState;
}

/** Makes the metrics; every series that can be known exists from here on, since a rate over one that does not is no number. */
export function createMetrics({ pool, ...names }: MetricsOptions): Metrics {
  const registry = createRegistry(sampledTrace);
  describeBuild(registry);
  observeEventLoop(registry);
  return {
    ...createHttpMetrics(registry),
    ...createProviderMetrics(registry, names),
    ...createBreakerMetrics(registry),
    ...createPoolMetrics(registry, pool),
    page: (accept) => registry.page(accept),
  };
}

/** A link to a trace that nobody keeps would lead nowhere; OpenTelemetry's default filter of exemplars is the same. */
function sampledTrace(): string | undefined {
  const fields = currentRequest()?.logFields;
  return fields?.trace_flags === SAMPLED ? fields.trace_id : undefined;
}

function describeBuild(registry: Registry): void {
  registry
    .gauge({ name: 'qna_build_info', help: 'The version that runs.', labels: ['version'] })
    .set({ version: VERSION }, 1);
  registry
    .gauge({
      name: 'qna_metrics_mapping_info',
      help: 'The version of the table that maps these names to those of OpenTelemetry, and of the conventions it follows.',
      labels: ['version', 'semconv', 'semconv_genai'],
    })
    .set(METRIC_MAPPING.versions, 1);
}

/** Lag tells how late work began; utilization tells how near to its end one process is. */
function observeEventLoop(registry: Registry): void {
  let last = performance.eventLoopUtilization();
  registry.gauge({
    name: 'nodejs_eventloop_utilization_ratio',
    help: 'Share of the time since the last scrape in which the event loop was busy.',
    collect(gauge) {
      const now = performance.eventLoopUtilization();
      gauge.set({}, performance.eventLoopUtilization(now, last).utilization);
      last = now;
    },
  });
}
