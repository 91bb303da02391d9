import type { ExpositionFormat } from './exposition.ts';

/**
 * What Prometheus 3 makes of a page with a fault: it refuses the whole scrape, stores data that mean something else than
 * the service meant, or takes it although the format does not allow it.
 */
export type FaultEffect = 'refused' | 'misread' | 'tolerated';

export interface FaultMeaning {
  /** In each format, where they differ. */
  readonly effect: FaultEffect | Readonly<Record<ExpositionFormat, FaultEffect>>;
  /**
   * Whether `promtool check metrics` reads a page with the fault; `varies` where that depends on other lines. It reads the
   * text format alone, so a fault that only OpenMetrics knows has no answer.
   */
  readonly promtool: 'refused' | 'read' | 'varies' | undefined;
  /** Where the effect can be read. */
  readonly source: string;
}

const PROMETHEUS = 'https://github.com/prometheus/prometheus/blob/v3.15.0';
const TEXT = `${PROMETHEUS}/model/textparse/promparse.go`;
const TEXT_TOKENS = `${PROMETHEUS}/model/textparse/promlex.l`;
const OPENMETRICS = `${PROMETHEUS}/model/textparse/openmetricsparse.go`;
const OPENMETRICS_TOKENS = `${PROMETHEUS}/model/textparse/openmetricslex.l`;
const SCRAPE = `${PROMETHEUS}/scrape/scrape.go`;
const HEAD = `${PROMETHEUS}/tsdb/head_append.go`;
const TEXT_FORMAT = 'https://prometheus.io/docs/instrumenting/exposition_formats/';
const OPENMETRICS_FORMAT = 'https://prometheus.io/docs/specs/om/open_metrics_spec/';
const QUERIES = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile';
const JOBS = 'https://prometheus.io/docs/concepts/jobs_instances/';

/** Every fault that a page of metrics can have, and what it means. */
export const FAULTS = {
  // The grammar of a line.
  'not-an-exposition': { effect: 'refused', promtool: 'refused', source: TEXT },
  'invalid-metric-name': { effect: 'refused', promtool: 'refused', source: TEXT_TOKENS },
  'missing-metric-name': { effect: 'refused', promtool: 'varies', source: TEXT },
  'second-metric-name': { effect: 'refused', promtool: 'refused', source: TEXT },
  'metric-name-not-first': { effect: 'tolerated', promtool: 'varies', source: TEXT },
  'invalid-label-name': { effect: 'refused', promtool: 'refused', source: TEXT_TOKENS },
  'reserved-label-name': { effect: 'refused', promtool: 'refused', source: HEAD },
  'internal-label-name': { effect: 'tolerated', promtool: 'read', source: OPENMETRICS_FORMAT },
  'duplicate-label': { effect: 'refused', promtool: 'refused', source: HEAD },
  'missing-equals': { effect: 'refused', promtool: 'refused', source: TEXT },
  'missing-quote': { effect: 'refused', promtool: 'refused', source: TEXT },
  // Prometheus reads on, up to the next quote that it finds.
  'unterminated-name': { effect: 'misread', promtool: 'refused', source: TEXT_TOKENS },
  'unterminated-label-value': {
    effect: { text: 'misread', openmetrics: 'refused' },
    promtool: 'refused',
    source: TEXT_TOKENS,
  },
  'unterminated-labels': { effect: 'refused', promtool: 'refused', source: TEXT },
  'missing-comma': { effect: { text: 'tolerated', openmetrics: 'refused' }, promtool: 'refused', source: TEXT },
  'trailing-comma': { effect: 'tolerated', promtool: undefined, source: OPENMETRICS },
  'invalid-escape': { effect: 'tolerated', promtool: 'refused', source: TEXT },
  'missing-value': { effect: 'refused', promtool: 'refused', source: TEXT },
  'invalid-value': { effect: 'refused', promtool: 'refused', source: TEXT },
  'invalid-timestamp': { effect: 'refused', promtool: 'refused', source: TEXT },
  'signed-timestamp': { effect: 'refused', promtool: 'read', source: TEXT_TOKENS },
  'text-after-sample': { effect: 'refused', promtool: 'refused', source: TEXT },
  'leading-blank': { effect: 'misread', promtool: 'read', source: TEXT },
  'missing-blank': { effect: 'misread', promtool: 'read', source: TEXT_TOKENS },
  'trailing-blank': { effect: { text: 'tolerated', openmetrics: 'refused' }, promtool: 'refused', source: TEXT },
  'misplaced-blank': { effect: 'refused', promtool: undefined, source: OPENMETRICS_TOKENS },
  'carriage-return': { effect: 'refused', promtool: 'refused', source: TEXT },
  'carriage-return-in-comment': { effect: 'tolerated', promtool: 'read', source: TEXT },
  'missing-final-newline': {
    effect: { text: 'tolerated', openmetrics: 'refused' },
    promtool: 'refused',
    source: TEXT,
  },
  'not-utf-8': { effect: 'refused', promtool: 'varies', source: TEXT },
  'not-utf-8-in-comment': { effect: 'tolerated', promtool: 'read', source: TEXT_FORMAT },
  'line-too-long': { effect: 'misread', promtool: 'read', source: TEXT_FORMAT },
  'exemplar-in-text': { effect: 'refused', promtool: 'refused', source: TEXT_TOKENS },
  // The lines about a family.
  'incomplete-metadata': { effect: 'refused', promtool: 'read', source: TEXT },
  'missing-blank-after-sign': { effect: 'tolerated', promtool: 'varies', source: TEXT_TOKENS },
  'missing-blank-after-name': {
    effect: { text: 'tolerated', openmetrics: 'refused' },
    promtool: 'refused',
    source: TEXT_TOKENS,
  },
  'unknown-type': { effect: 'refused', promtool: 'refused', source: TEXT },
  'misspelt-type': { effect: 'refused', promtool: 'read', source: TEXT },
  'blank-before-type': { effect: 'refused', promtool: 'read', source: TEXT_TOKENS },
  'missing-type': { effect: 'refused', promtool: 'read', source: TEXT },
  'second-type': { effect: 'misread', promtool: 'refused', source: SCRAPE },
  'second-help': { effect: 'tolerated', promtool: 'refused', source: SCRAPE },
  'type-after-samples': { effect: 'misread', promtool: 'refused', source: TEXT },
  'metadata-after-samples': { effect: 'tolerated', promtool: undefined, source: OPENMETRICS_FORMAT },
  // OpenMetrics alone.
  'missing-eof': { effect: 'refused', promtool: undefined, source: OPENMETRICS },
  'text-after-eof': { effect: 'refused', promtool: undefined, source: OPENMETRICS },
  'blank-line': { effect: 'refused', promtool: undefined, source: OPENMETRICS_TOKENS },
  'unexpected-comment': { effect: 'refused', promtool: undefined, source: OPENMETRICS_TOKENS },
  'second-unit': { effect: 'tolerated', promtool: undefined, source: SCRAPE },
  'unit-not-in-name': { effect: 'refused', promtool: undefined, source: OPENMETRICS },
  'malformed-exemplar': { effect: 'refused', promtool: undefined, source: OPENMETRICS },
  'exemplar-misplaced': { effect: 'tolerated', promtool: undefined, source: OPENMETRICS_FORMAT },
  'exemplar-too-long': { effect: 'tolerated', promtool: undefined, source: OPENMETRICS_FORMAT },
  'suffix-not-of-type': { effect: 'tolerated', promtool: undefined, source: OPENMETRICS_FORMAT },
  'invalid-state': { effect: 'tolerated', promtool: undefined, source: OPENMETRICS_FORMAT },
  'bound-not-canonical': { effect: 'tolerated', promtool: undefined, source: OPENMETRICS_FORMAT },
  'split-metric': { effect: 'tolerated', promtool: undefined, source: OPENMETRICS_FORMAT },
  'timestamp-not-rising': { effect: 'misread', promtool: undefined, source: OPENMETRICS_FORMAT },
  // The structure of a page whose lines are all well-formed.
  'empty-page': { effect: 'misread', promtool: 'read', source: SCRAPE },
  'split-family': { effect: 'tolerated', promtool: 'read', source: TEXT_FORMAT },
  'name-clash': { effect: 'misread', promtool: 'varies', source: OPENMETRICS_FORMAT },
  'duplicate-series': { effect: 'misread', promtool: 'read', source: SCRAPE },
  'negative-counter': { effect: 'misread', promtool: 'read', source: OPENMETRICS_FORMAT },
  'counter-not-a-number': { effect: 'misread', promtool: 'read', source: OPENMETRICS_FORMAT },
  'negative-count': { effect: 'misread', promtool: 'read', source: OPENMETRICS_FORMAT },
  'negative-bucket': { effect: 'misread', promtool: 'refused', source: OPENMETRICS_FORMAT },
  'reserved-name': { effect: 'misread', promtool: 'read', source: JOBS },
  'explicit-timestamp': { effect: 'tolerated', promtool: 'read', source: `${TEXT_FORMAT}#text-format-details` },
  'personal-label': { effect: 'misread', promtool: 'read', source: 'https://prometheus.io/docs/practices/naming/' },
  'bucket-without-bound': { effect: 'misread', promtool: 'read', source: QUERIES },
  'invalid-bucket-bound': { effect: 'misread', promtool: 'refused', source: QUERIES },
  'buckets-out-of-order': { effect: 'tolerated', promtool: 'read', source: TEXT_FORMAT },
  'buckets-not-cumulative': { effect: 'misread', promtool: 'read', source: QUERIES },
  'missing-infinite-bucket': { effect: 'misread', promtool: 'read', source: QUERIES },
  'infinite-bucket-differs': { effect: 'misread', promtool: 'read', source: QUERIES },
  'missing-count': { effect: 'misread', promtool: 'read', source: TEXT_FORMAT },
  'missing-sum': { effect: 'misread', promtool: 'read', source: TEXT_FORMAT },
  'invalid-quantile': { effect: 'misread', promtool: 'read', source: TEXT_FORMAT },
  'quantile-not-a-number': { effect: 'misread', promtool: 'refused', source: TEXT_FORMAT },
} as const satisfies Readonly<Record<string, FaultMeaning>>;

export type FaultCode = keyof typeof FAULTS;

/** What Prometheus 3 makes of a page in this format that has the fault. */
export function effectOf(code: FaultCode, format: ExpositionFormat): FaultEffect {
  const { effect } = FAULTS[code];
  return typeof effect === 'string' ? effect : effect[format];
}
