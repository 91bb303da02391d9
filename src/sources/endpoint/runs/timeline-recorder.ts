import { setTimeout as delay } from 'node:timers/promises';
import type { Timeline, TimelineMark, TimelineSample } from '../../../core/timeline.ts';

/** Keeps what endpoints answer over time. */
export interface TimelineRecorder {
  /** Milliseconds since the clock began. */
  now(): number;
  mark(words: string, atMs?: number): void;
  /** Asks again and again, a beat apart or as soon as the last answer is there, until `signal` ends it. */
  sample(name: string, beatMs: number, ask: () => Promise<Answer>, signal: AbortSignal): Promise<void>;
  samplesOf(name: string): readonly TimelineSample[];
  timeline(): Timeline;
}

export type Answer = Pick<TimelineSample, 'status' | 'words'>;

export function recordTimeline(title: string): TimelineRecorder {
  const startedAt = new Date().toISOString();
  const started = performance.now();
  const series = new Map<string, TimelineSample[]>();
  const marks: TimelineMark[] = [];
  const now = () => Math.round(performance.now() - started);
  const listOf = (name: string) => {
    const known = series.get(name) ?? [];
    series.set(name, known);
    return known;
  };
  return {
    now,
    mark: (words, atMs = now()) => void marks.push({ atMs, words }),
    async sample(name, beatMs, ask, signal) {
      const samples = listOf(name);
      while (!signal.aborted) {
        const atMs = now();
        const answer = await ask();
        // What we broke off ourselves says nothing of the service.
        if (signal.aborted && answer.status === undefined) return;
        samples.push({ atMs, durationMs: now() - atMs, ...answer });
        const restMs = beatMs - (now() - atMs);
        if (restMs > 0) await rest(restMs, signal);
      }
    },
    samplesOf: listOf,
    timeline: () => ({
      title,
      startedAt,
      series: [...series].map(([name, samples]) => ({ name, samples })),
      marks,
    }),
  };
}

/** Waits, and no longer than until the signal; it does not throw. */
export async function rest(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}
