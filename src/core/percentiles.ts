import type { Percentiles } from './run-facts.ts';

/**
 * The smallest value that at least this share of all values does not exceed (nearest rank): exact, since every value is kept.
 * `sorted` ascends and is not empty; `share` is above 0 and at most 1.
 */
export function percentileOf(sorted: readonly number[], share: number): number {
  // 0.95 × 20 is 19 in mathematics and can be a hair more in binary.
  const rank = Math.ceil(sorted.length * share - 1e-9);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}

/** Undefined where there are no values. */
export function percentilesOf(values: readonly number[]): Percentiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const of = (share: number) => percentileOf(sorted, share);
  return { count: sorted.length, p50: of(0.5), p95: of(0.95), p99: of(0.99), max: of(1) };
}
