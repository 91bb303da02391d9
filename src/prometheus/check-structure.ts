import { checkHistogram } from './check-histogram.ts';
import type { Exposition, MetricFamily, Sample } from './exposition.ts';
import { addFault, type Fault, type FaultList } from './faults.ts';
import { looksPersonal } from './label-values.ts';
import { seriesKey } from './series.ts';

/** Series that Prometheus writes itself about each target or rule, so a page must not bring its own. */
const RESERVED =
  /^(?:up|ALERTS|ALERTS_FOR_STATE|scrape_(?:duration_seconds|samples_scraped|samples_post_metric_relabeling|series_added|timeout_seconds|sample_limit|body_size_bytes))$/;

/**
 * Finds what is wrong with a page whose lines are all well-formed. `promtool check metrics` lets every one of these pass;
 * Prometheus takes them too, and stores data that answers queries wrongly.
 */
export function checkStructure(exposition: Exposition): readonly Fault[] {
  const found: FaultList = { faults: [], leftOut: 0 };
  if (exposition.sampleCount === 0 && exposition.faults.every((fault) => fault.code === 'missing-eof'))
    addFault(found, 'empty-page', 1, 1, 'The page holds no sample.');
  for (const family of exposition.families) checkFamily(family, exposition, found);
  return found.faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function checkFamily(family: MetricFamily, exposition: Exposition, found: FaultList): void {
  const [first] = family.samples;
  if (first === undefined) return;
  const at = (sample: Sample, code: Fault['code'], message: string) =>
    addFault(found, code, sample.line, sample.column, message);
  if (RESERVED.test(family.name))
    at(
      first,
      'reserved-name',
      `Prometheus writes ${family.name} itself for every target, so this one collides with it.`,
    );
  const timed = family.samples.find((sample) => sample.timestamp !== undefined && !sample.name.endsWith('_created'));
  // An explicit timestamp is data in OpenMetrics too, but there a series may rightly carry several of them.
  if (timed !== undefined)
    at(
      timed,
      'explicit-timestamp',
      `${timed.name} carries its own timestamp, so a series that ends is not noticed and an old page looks fresh.`,
    );
  if (timed === undefined || exposition.format === 'text') checkDuplicates(family, at);
  if (family.type === 'counter') checkCounter(family, at);
  const personal = family.samples.find((sample) => sample.labels.some((label) => looksPersonal(label.value)));
  if (personal !== undefined) {
    const label = personal.labels.find((each) => looksPersonal(each.value));
    at(
      personal,
      'personal-label',
      `The label ${label?.name} of ${family.name} holds an e-mail address or a credential.`,
    );
  }
  if (family.type === 'histogram' || family.type === 'gaugehistogram') checkHistogram(family, found);
  if (family.type === 'summary') checkSummary(family, at);
  if (exposition.format === 'openmetrics') checkOpenMetrics(family, at);
}

type Report = (sample: Sample, code: Fault['code'], message: string) => void;

function checkDuplicates(family: MetricFamily, at: Report): void {
  const seen = new Map<string, number>();
  for (const sample of family.samples) {
    const key = seriesKey(sample);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, sample.line);
    else at(sample, 'duplicate-series', `The same series of ${sample.name} already stands on line ${before}.`);
  }
}

function checkCounter(family: MetricFamily, at: Report): void {
  for (const sample of family.samples) {
    if (sample.value < 0) at(sample, 'negative-counter', `The counter ${sample.name} is negative.`);
    else if (Number.isNaN(sample.value)) at(sample, 'counter-not-a-number', `The counter ${sample.name} is NaN.`);
  }
}

function checkSummary(family: MetricFamily, at: Report): void {
  for (const sample of family.samples) {
    if (sample.name !== family.name) continue;
    const quantile = sample.labels.find((label) => label.name === 'quantile');
    const value = Number(quantile?.value);
    if (quantile === undefined || quantile.value === '' || !(value >= 0 && value <= 1))
      at(sample, 'invalid-quantile', `A sample of the summary ${family.name} needs a label quantile between 0 and 1.`);
  }
}

function checkOpenMetrics(family: MetricFamily, at: Report): void {
  for (const sample of family.samples) {
    if (family.type === 'counter' && sample.name === family.name)
      at(sample, 'suffix-not-of-type', `A sample of the counter ${family.name} must be called ${family.name}_total.`);
    if (family.type === 'info' && (sample.name !== `${family.name}_info` || sample.value !== 1))
      at(
        sample,
        'suffix-not-of-type',
        `A sample of the info ${family.name} must be called ${family.name}_info and be 1.`,
      );
    if (family.type === 'stateset' && sample.value !== 0 && sample.value !== 1)
      at(sample, 'invalid-state', `A state of ${family.name} must be 0 or 1.`);
    if (sample.exemplar === undefined) continue;
    if (!sample.name.endsWith('_total') && !sample.name.endsWith('_bucket'))
      at(sample, 'exemplar-misplaced', `Only counters and buckets may carry an exemplar, ${sample.name} may not.`);
    const length = sample.exemplar.labels.reduce((sum, label) => sum + label.name.length + label.value.length, 0);
    if (length > 128)
      at(sample, 'exemplar-too-long', `The labels of the exemplar of ${sample.name} are longer than 128 characters.`);
  }
}
