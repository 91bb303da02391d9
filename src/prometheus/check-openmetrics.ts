import { labelOf, type MetricFamily, type Sample } from './exposition.ts';
import type { FaultCode } from './fault-meanings.ts';
import { seriesKey } from './series.ts';

type Report = (sample: Sample, code: FaultCode, message: string) => void;

/** Finds what only OpenMetrics forbids (https://prometheus.io/docs/specs/om/open_metrics_spec/); Prometheus takes nearly all of it. */
export function checkOpenMetrics(family: MetricFamily, at: Report): void {
  for (const sample of family.samples) {
    checkName(family, sample, at);
    if (family.type === 'stateset') checkState(family, sample, at);
    if (sample.exemplar !== undefined) checkExemplar(sample, at);
  }
  checkBounds(family, at);
  checkOrder(family, at);
}

function checkName(family: MetricFamily, sample: Sample, at: Report): void {
  if (family.type === 'counter' && sample.name === family.name)
    at(sample, 'suffix-not-of-type', `A sample of the counter ${family.name} must be called ${family.name}_total.`);
  if (family.type === 'info' && (sample.name !== `${family.name}_info` || sample.value !== 1))
    at(
      sample,
      'suffix-not-of-type',
      `A sample of the info ${family.name} must be called ${family.name}_info and be 1.`,
    );
}

function checkState(family: MetricFamily, sample: Sample, at: Report): void {
  if (sample.value !== 0 && sample.value !== 1)
    at(sample, 'invalid-state', `A state of ${family.name} must be 0 or 1.`);
  else if (labelOf(sample, family.name) === undefined)
    at(sample, 'invalid-state', `A state of ${family.name} is named by a label that is called ${family.name} too.`);
}

function checkExemplar(sample: Sample, at: Report): void {
  if (!sample.name.endsWith('_total') && !sample.name.endsWith('_bucket'))
    at(sample, 'exemplar-misplaced', `Only counters and buckets may carry an exemplar, ${sample.name} may not.`);
  const labels = sample.exemplar?.labels ?? [];
  const length = labels.reduce((sum, { name, value }) => sum + [...name].length + [...value].length, 0);
  if (length > 128)
    at(sample, 'exemplar-too-long', `The labels of the exemplar of ${sample.name} are longer than 128 characters.`);
}

/** The same bound must always be written in the same way, since it is a label. */
function checkBounds(family: MetricFamily, at: Report): void {
  const label = family.type === 'summary' ? 'quantile' : 'le';
  if (family.type !== 'summary' && family.type !== 'histogram' && family.type !== 'gaugehistogram') return;
  for (const sample of family.samples) {
    const bound = labelOf(sample, label);
    if (bound === undefined || CANONICAL.test(bound)) continue;
    at(sample, 'bound-not-canonical', `OpenMetrics writes the ${label} ${JSON.stringify(bound)} as 1.0, 0.25 or +Inf.`);
    return;
  }
}

const CANONICAL = /^(?:\+Inf|-?[0-9]+(?:\.[0-9]+|(?:\.[0-9]+)?e[+-][0-9]+))$/;

/** The samples of one metric stand together, and its points in the order of their times. */
function checkOrder(family: MetricFamily, at: Report): void {
  const withoutLabel = family.type === 'summary' ? 'quantile' : 'le';
  const metrics = new Set<string>();
  const times = new Map<string, number>();
  let before: string | undefined;
  let isSplit = false;
  for (const sample of family.samples) {
    const metric = seriesKey(sample, { withoutName: true, withoutLabel });
    if (metric !== before && metrics.has(metric) && !isSplit) {
      isSplit = true;
      at(sample, 'split-metric', `Samples of ${family.name} with the same labels must stand together.`);
    }
    before = metric;
    metrics.add(metric);
    if (sample.timestamp === undefined) continue;
    const series = seriesKey(sample);
    const earlier = times.get(series);
    if (earlier !== undefined && sample.timestamp <= earlier)
      at(
        sample,
        'timestamp-not-rising',
        `The time of this point of ${sample.name} is not after that of the one before.`,
      );
    times.set(series, sample.timestamp);
  }
}
