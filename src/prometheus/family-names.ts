import type { ExpositionFormat, MetricType } from './exposition.ts';

const TEXT_SUFFIXES: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count'],
};

const OPENMETRICS_SUFFIXES: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
  summary: ['_sum', '_count', '_created'],
  info: ['_info'],
};

const ANY_SUFFIX = /_(?:bucket|sum|count|total|created|info|gsum|gcount)$/;

/** The suffixes that samples of a family of this type carry beside or instead of its bare name. */
export function suffixesOf(type: MetricType, format: ExpositionFormat): readonly string[] {
  return (format === 'text' ? TEXT_SUFFIXES : OPENMETRICS_SUFFIXES)[type] ?? [];
}

/** Whether samples of such a family may carry its bare name. */
export function allowsBareName(type: MetricType, format: ExpositionFormat): boolean {
  if (format === 'text') return type !== 'histogram';
  return type === 'gauge' || type === 'untyped' || type === 'stateset' || type === 'summary';
}

/** The name without a suffix that some type adds, or undefined where it has none. */
export function baseName(name: string): string | undefined {
  const match = ANY_SUFFIX.exec(name);
  return match === null || match.index === 0 ? undefined : name.slice(0, match.index);
}
