import {
  collectDefaultMetrics,
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry as PromRegistry,
} from 'prom-client';
import { chooseFormat, type Format } from './exposition-format.ts';
import { type Family, renderExposition, type Sample } from './render-exposition.ts';

/** Labels of one series; every label of the family is there. */
export type Labels<Name extends string> = Readonly<Record<Name, string>>;

export interface Counter<Name extends string> {
  add(labels: Labels<Name>, amount?: number): void;
}

export interface Gauge<Name extends string> {
  set(labels: Labels<Name>, value: number): void;
  add(labels: Labels<Name>, amount: number): void;
}

export interface Histogram<Name extends string> {
  observe(labels: Labels<Name>, value: number): void;
  /** Makes the series exist, empty. */
  zero(labels: Labels<Name>): void;
}

interface FamilyOptions<Name extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Name[];
}

export interface Registry {
  counter<Name extends string = never>(options: FamilyOptions<Name>): Counter<Name>;
  /** `collect` is called as the page is made, for values that are read and not recorded. */
  gauge<Name extends string = never>(
    options: FamilyOptions<Name> & { readonly collect?: (gauge: Gauge<Name>) => void },
  ): Gauge<Name>;
  histogram<Name extends string = never>(
    options: FamilyOptions<Name> & { readonly buckets: readonly number[] },
  ): Histogram<Name>;
  /** The page in the format that the request's Accept header prefers. */
  page(accept?: string): Promise<MetricsPage>;
}

export interface MetricsPage {
  readonly contentType: string;
  readonly body: string;
}

/** Gauges that prom-client names as if they were counters, which Prometheus' own linter refuses. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/**
 * The one place that knows prom-client: what records, and what is rendered, can be replaced here and nowhere else. The trace
 * that an observation belongs to becomes the exemplar of its bucket.
 */
export function createRegistry(currentTrace: () => string | undefined): Registry {
  const registry = new PromRegistry<typeof PromRegistry.OPENMETRICS_CONTENT_TYPE>();
  // Otherwise it refuses exemplars. Its own writer, which would hold to this format, is not used.
  registry.setContentType(PromRegistry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  tellExactStart(registry);
  return {
    counter({ name, help, labels = [] }) {
      const counter = new PromCounter({ name, help, labelNames: labels, registers });
      return { add: (of, amount = 1) => counter.inc(of, amount) };
    },
    gauge({ name, help, labels = [], collect }) {
      const gauge = new PromGauge({
        name,
        help,
        labelNames: labels,
        registers,
        ...(collect === undefined ? {} : { collect: () => collect(adapted) }),
      });
      const adapted: Gauge<(typeof labels)[number]> = {
        set: (of, value) => gauge.set(of, value),
        add: (of, amount) => gauge.inc(of, amount),
      };
      return adapted;
    },
    histogram({ name, help, labels = [], buckets }) {
      const histogram = new PromHistogram({
        name,
        help,
        labelNames: labels,
        buckets: [...buckets],
        registers,
        enableExemplars: true,
      });
      return {
        observe(of, value) {
          const trace_id = currentTrace();
          histogram.observe({
            labels: of,
            value,
            exemplarLabels: (trace_id === undefined ? {} : { trace_id }) as object,
          });
        },
        zero: (of) => histogram.zero(of),
      };
    },
    async page(accept) {
      const format = chooseFormat(accept);
      const families = await Promise.all(registry.getMetricsAsArray().map(readFamily));
      return { contentType: CONTENT_TYPES[format], body: renderExposition(families, format) };
    },
  };
}

/** prom-client tells the start in whole seconds, in which two replicas of one rollout are often the same. */
function tellExactStart(registry: PromRegistry<typeof PromRegistry.OPENMETRICS_CONTENT_TYPE>): void {
  const name = 'process_start_time_seconds';
  registry.removeSingleMetric(name);
  const help = 'Start time of the process since unix epoch in seconds.';
  new PromGauge({ name, help, registers: [registry] }).set(performance.timeOrigin / 1000);
}

/** What prom-client's types leave out of a metric that it gives. */
interface Collected {
  readonly name: string;
  readonly help: string;
  readonly type: Family['type'];
  readonly values: readonly (Omit<Sample, 'exemplar'> & {
    readonly exemplar?: {
      readonly labelSet: Readonly<Record<string, string>>;
      readonly value: number;
      readonly timestamp: number;
    } | null;
  })[];
}

async function readFamily(metric: object): Promise<Family> {
  const { name, help, type, values } = await (metric as { get(): Promise<Collected> }).get();
  return {
    name,
    help,
    type,
    samples: values.map(({ labels, value, metricName, exemplar }) => ({
      labels,
      value,
      metricName: metricName ?? name,
      ...(exemplar
        ? { exemplar: { labels: exemplar.labelSet, value: exemplar.value, seconds: exemplar.timestamp } }
        : {}),
    })),
  };
}
