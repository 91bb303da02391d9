/** What endpoints answered over time, and what was done to the service meanwhile. */
export interface Timeline {
  /** `outage of …`, `order to stop`. */
  readonly title: string;
  /** When its clock began, in ISO 8601. */
  readonly startedAt: string;
  readonly series: readonly TimelineSeries[];
  readonly marks: readonly TimelineMark[];
}

export interface TimelineSeries {
  /** `liveness`, `readiness`, `port`. */
  readonly name: string;
  /** In the order of time. */
  readonly samples: readonly TimelineSample[];
}

export interface TimelineSample {
  /** When it was asked, since the clock began. */
  readonly atMs: number;
  readonly durationMs: number;
  /** The status of the answer; absent where none came. */
  readonly status?: number;
  /** What stands in place of a status: `refused`, `no answer`, `open`. */
  readonly words?: string;
}

/** Something that was done, or that happened. */
export interface TimelineMark {
  readonly atMs: number;
  readonly words: string;
}

export interface Transition {
  readonly series: string;
  /** When the first sample of the new state was complete. */
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
}

/** What a sample shows, in the word by which it is compared with the one before. */
export function stateOf({ status, words }: TimelineSample): string {
  return words ?? String(status ?? 'no answer');
}

/** Every change of state within one series. */
export function transitionsOf({ name, samples }: TimelineSeries): readonly Transition[] {
  const found: Transition[] = [];
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1];
    if (before === undefined || stateOf(before) === stateOf(sample)) continue;
    found.push({ series: name, atMs: sample.atMs + sample.durationMs, from: stateOf(before), to: stateOf(sample) });
  }
  return found;
}

/** A line for each mark and each transition, in the order of time: `+1.2 s readiness 200 → 503`. */
export function tellTimeline({ series, marks }: Timeline): readonly string[] {
  const first = series.flatMap(({ name, samples }) => {
    const [sample] = samples;
    return sample === undefined ? [] : [{ atMs: sample.atMs, words: `${name} ${stateOf(sample)}` }];
  });
  const changes = series
    .flatMap(transitionsOf)
    .map(({ series: name, atMs, from, to }) => ({ atMs, words: `${name} ${from} → ${to}` }));
  return [...first, ...marks, ...changes]
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, words }) => `+${(atMs / 1000).toFixed(1)} s ${words}`);
}
