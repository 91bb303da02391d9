import { type ExpositionFormat, isWhole, labelOf, type MetricFamily, type Sample } from './exposition.ts';
import type { FaultCode } from './fault-meanings.ts';
import { addFault, type FaultList } from './faults.ts';
import { readFloat } from './read-number.ts';
import { seriesKey } from './series.ts';

/** The samples that make up one histogram: those with the same labels, `le` left out. */
interface OneHistogram {
  readonly first: Sample;
  readonly buckets: { readonly sample: Sample; readonly bound: number }[];
  count: Sample | undefined;
  sum: Sample | undefined;
}

/**
 * Every histogram needs cumulative buckets in rising order up to `+Inf`, a count that equals the last, and a sum. OpenMetrics
 * lets it leave out count and sum together. Of a family that was not kept as a whole nothing can be called missing.
 */
export function checkHistogram(family: MetricFamily, format: ExpositionFormat, found: FaultList): void {
  const at = (sample: Sample, code: FaultCode, message: string) =>
    addFault(found, code, sample.line, sample.column, message);
  const histograms = new Map<string, OneHistogram>();
  for (const sample of family.samples) {
    if (sample.name.endsWith('_created')) continue;
    const key = seriesKey(sample, { withoutName: true, withoutLabel: 'le' });
    let one = histograms.get(key);
    if (one === undefined) {
      one = { first: sample, buckets: [], count: undefined, sum: undefined };
      histograms.set(key, one);
    }
    if (sample.value < 0 && family.type === 'histogram' && !sample.name.endsWith('_sum'))
      at(sample, 'negative-bucket', `${sample.name} counts observations, so it cannot be ${sample.value}.`);
    if (sample.name.endsWith('count')) one.count ??= sample;
    else if (sample.name.endsWith('sum')) one.sum ??= sample;
    else addBucket(one, sample, at);
  }
  for (const one of histograms.values()) checkOne(family, format, one, at);
}

function addBucket(one: OneHistogram, sample: Sample, at: Report): void {
  const le = labelOf(sample, 'le');
  const bound = le === undefined ? undefined : readFloat(le);
  if (le === undefined || Number.isNaN(bound))
    at(sample, 'bucket-without-bound', `The bucket ${sample.name} has no label le with a bound.`);
  else if (bound === undefined)
    at(sample, 'invalid-bucket-bound', `The label le of ${sample.name} is ${JSON.stringify(le)}, which is no number.`);
  else one.buckets.push({ sample, bound });
}

function checkOne(family: MetricFamily, format: ExpositionFormat, one: OneHistogram, at: Report): void {
  const { name } = family;
  const written = one.buckets;
  const misplaced = written.find(
    (bucket, index) => index > 0 && bucket.bound < (written[index - 1]?.bound ?? -Infinity),
  );
  if (misplaced !== undefined)
    at(misplaced.sample, 'buckets-out-of-order', `The buckets of ${name} must stand in rising order of le.`);
  const buckets = misplaced === undefined ? written : written.toSorted((a, b) => a.bound - b.bound);
  if (family.type === 'histogram') {
    const falling = buckets.find(
      (bucket, index) => index > 0 && bucket.sample.value < (buckets[index - 1]?.sample.value ?? 0),
    );
    if (falling !== undefined)
      at(
        falling.sample,
        'buckets-not-cumulative',
        `The bucket of ${name} counts less than the one before it: each bucket includes all smaller ones.`,
      );
  }
  const last = buckets.at(-1);
  const whole = isWhole(family);
  if (last?.bound !== Infinity) {
    if (whole) at(one.first, 'missing-infinite-bucket', `The histogram ${name} has no bucket le="+Inf".`);
  } else if (one.count !== undefined && one.count.value !== last.sample.value)
    at(
      one.count,
      'infinite-bucket-differs',
      `${one.count.name} is ${one.count.value}, but the bucket le="+Inf" is ${last.sample.value}.`,
    );
  const mayLeaveOut = format === 'openmetrics' && one.count === undefined && one.sum === undefined;
  if (!whole || mayLeaveOut) return;
  if (one.count === undefined) at(one.first, 'missing-count', `The histogram ${name} has no count.`);
  // Negative observations make a sum that falls, which OpenMetrics therefore forbids.
  const mayFall = format === 'openmetrics' && (buckets[0]?.bound ?? 0) < 0;
  if (one.sum === undefined && !mayFall) at(one.first, 'missing-sum', `The histogram ${name} has no sum.`);
}

type Report = (sample: Sample, code: FaultCode, message: string) => void;
