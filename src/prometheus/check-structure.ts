import { checkHistogram } from './check-histogram.ts';
import { checkOpenMetrics } from './check-openmetrics.ts';
import { type Exposition, labelOf, type MetricFamily, type Sample } from './exposition.ts';
import { suffixesOf } from './family-names.ts';
import { addFault, type Fault, type FaultList } from './faults.ts';
import { looksPersonal } from './label-values.ts';
import { readFloat } from './read-number.ts';
import { seriesKey } from './series.ts';

/** Series that Prometheus writes itself about each target or rule, so a page must not bring its own. */
const RESERVED =
  /^(?:up|ALERTS|ALERTS_FOR_STATE|scrape_(?:duration_seconds|samples_scraped|samples_post_metric_relabeling|series_added|timeout_seconds|sample_limit|body_size_bytes))$/;

/**
 * Finds what is wrong with a page whose lines are all well-formed. Prometheus takes such a page, and mostly stores data that
 * answer queries wrongly; `promtool check metrics` lets nearly all of it pass. Judges the samples that were kept.
 */
export function checkStructure(exposition: Exposition): readonly Fault[] {
  const found: FaultList = { faults: [], leftOut: 0 };
  if (exposition.sampleCount === 0 && exposition.faults.every((fault) => fault.code === 'missing-eof'))
    addFault(found, 'empty-page', 1, 1, 'The page holds no sample.');
  for (const family of exposition.families) checkFamily(family, exposition, found);
  checkNames(exposition, found);
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
  if (timed !== undefined)
    at(
      timed,
      'explicit-timestamp',
      `${timed.name} carries its own timestamp, so a series that ends is not noticed and an old page looks fresh.`,
    );
  // In OpenMetrics a series may rightly carry several points, each with its time.
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
  if (family.type === 'histogram' || family.type === 'gaugehistogram') checkHistogram(family, exposition.format, found);
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
    const quantile = labelOf(sample, 'quantile');
    const value = quantile === undefined ? undefined : readFloat(quantile);
    if (quantile !== undefined && value === undefined)
      at(sample, 'quantile-not-a-number', `The quantile of ${sample.name} is ${JSON.stringify(quantile)}, no number.`);
    else if (sample.name === family.name && !((value ?? -1) >= 0 && (value ?? -1) <= 1))
      at(sample, 'invalid-quantile', `A sample of the summary ${family.name} needs a label quantile between 0 and 1.`);
    if (sample.value < 0 && sample.name === `${family.name}_count`)
      at(sample, 'negative-count', `${sample.name} counts observations, so it cannot be ${sample.value}.`);
  }
}

/** A name that another family's suffix makes already tells two things at once. */
function checkNames({ families, format }: Exposition, found: FaultList): void {
  const named = new Map(families.map((family) => [family.name, family]));
  for (const family of families)
    for (const suffix of suffixesOf(family.type, format)) {
      const other = named.get(family.name + suffix);
      if (other === undefined || (!other.typed && other.help === undefined)) continue;
      const { line, column } = other.samples[0] ?? { line: other.line, column: 1 };
      const message = `The family ${other.name} has a name that belongs to the ${family.type} ${family.name}.`;
      addFault(found, 'name-clash', line, column, message);
    }
}
