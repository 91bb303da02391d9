import { type Exposition, labelOf, type Sample } from '../../../prometheus/exposition.ts';
import type { KpiFamily } from '../../../prometheus/find-kpi.ts';
import { readFloat } from '../../../prometheus/read-number.ts';

/** A bucket of what was observed between two scrapes; `count` is cumulative, as on the page. */
export interface Bucket {
  /** Its upper bound, in the unit of the family. */
  readonly le: number;
  readonly count: number;
}

/**
 * By how much the buckets of a histogram rose, over all processes: those of the route that was asked where the family tells routes, and
 * all of them otherwise. Ascending.
 */
export function risenBuckets(
  pairs: readonly { readonly before: Exposition; readonly after: Exposition }[],
  { family, endpointLabel }: KpiFamily,
  path: string,
): readonly Bucket[] {
  const counts = new Map<number, number>();
  const add = (page: Exposition, sign: 1 | -1) => {
    for (const sample of page.families.find(({ name }) => name === family.name)?.samples ?? []) {
      const bound = readFloat(labelOf(sample, 'le') ?? '');
      if (bound === undefined || !sample.name.endsWith('_bucket') || !isAsked(sample, endpointLabel, path)) continue;
      counts.set(bound, (counts.get(bound) ?? 0) + sign * sample.value);
    }
  };
  for (const { before, after } of pairs) {
    add(before, -1);
    add(after, 1);
  }
  return [...counts].map(([le, count]) => ({ le, count })).toSorted((a, b) => a.le - b.le);
}

/** How many observations there were. */
export function countOf(buckets: readonly Bucket[]): number {
  return buckets.at(-1)?.count ?? 0;
}

/** The place of the bucket into which a quantile falls. */
export function quantileBucket(buckets: readonly Bucket[], share: number): number {
  const rank = Math.ceil(countOf(buckets) * share - 1e-9);
  return buckets.findIndex(({ count }) => count >= rank);
}

/** The place of the bucket into which a value falls. */
export function bucketOf(buckets: readonly Bucket[], value: number): number {
  return buckets.findIndex(({ le }) => value <= le);
}

function isAsked(sample: Sample, label: string | undefined, path: string): boolean {
  const route = label === undefined ? undefined : labelOf(sample, label);
  if (route === undefined) return true;
  // A route can be a template: /v1/answers/{id}, /v1/answers/:id.
  const pattern = route
    .split('/')
    .map((part) => (/^(?::.*|\{.*\}|<.*>|\*)$/.test(part) ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${pattern}/?$`).test(path);
}
