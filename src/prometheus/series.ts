import type { Exposition, MetricFamily, Sample } from './exposition.ts';

/** What tells a series from all others: its name and its labels, whatever their order on the page. */
export function seriesKey(
  sample: Sample,
  options: { readonly withoutName?: boolean; readonly withoutLabel?: string } = {},
): string {
  let { labels } = sample;
  for (let index = 1; index < labels.length; index++) {
    if ((labels[index - 1]?.name ?? '') > (labels[index]?.name ?? '')) {
      labels = labels.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      break;
    }
  }
  let key = options.withoutName === true ? '' : sample.name;
  for (const { name, value } of labels)
    if (name !== options.withoutLabel && value !== '') key += `\u0000${name}\u0001${value}`;
  return key;
}

/** Every series of the page with its value. */
export function valuesBySeries(families: readonly MetricFamily[]): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const family of families) for (const sample of family.samples) values.set(seriesKey(sample), sample.value);
  return values;
}

/** The samples of a page that only rise while the process lives: counters, buckets, counts, and sums of durations. */
export function accumulating(exposition: Exposition): ReadonlyMap<string, Sample> {
  const found = new Map<string, Sample>();
  for (const family of exposition.families)
    for (const sample of family.samples) {
      if (sample.name.endsWith('_created')) continue;
      const rises =
        family.type === 'counter' ||
        (family.type === 'histogram' && !sample.name.endsWith('_sum')) ||
        (family.type === 'summary' && sample.name.endsWith('_count'));
      if (rises) found.set(seriesKey(sample), sample);
    }
  return found;
}

/** The sum of the samples with this name, over all their labels that `keep` accepts. */
export function totalOf(
  families: readonly MetricFamily[],
  sampleName: string,
  keep: (sample: Sample) => boolean = () => true,
): number {
  let total = 0;
  for (const family of families)
    for (const sample of family.samples) if (sample.name === sampleName && keep(sample)) total += sample.value;
  return total;
}

/** The start of the process as client libraries tell it; it differs between two replicas and after a restart. */
export function processStart(exposition: Exposition): number | undefined {
  return processStarts(exposition)[0];
}

/** The starts of all processes that a page tells of: several where a proxy gathers the pages of others. */
export function processStarts(exposition: Exposition): readonly number[] {
  const family = exposition.families.find(({ name }) => name === 'process_start_time_seconds');
  return (family?.samples ?? []).map(({ value }) => value);
}
