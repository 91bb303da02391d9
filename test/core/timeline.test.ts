import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthOutageLivenessCheck } from '../../src/checks/health/outage-liveness/check.ts';
import { healthOutageReadinessCheck } from '../../src/checks/health/outage-readiness/check.ts';
import { percentileOf, percentilesOf } from '../../src/core/percentiles.ts';
import type { OutageRun } from '../../src/core/run-facts.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { stateOf, type TimelineSample, tellTimeline, transitionsOf } from '../../src/core/timeline.ts';

const latencies = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('a percentile', () => {
  it('is the smallest value that enough of all do not exceed', () => {
    fc.assert(
      fc.property(latencies, fc.integer({ min: 1, max: 1000 }), (values, thousandths) => {
        const sorted = values.toSorted((a, b) => a - b);
        const value = percentileOf(sorted, thousandths / 1000);
        const within = sorted.filter((each) => each <= value).length;
        const below = sorted.filter((each) => each < value).length;
        expect(values).toContain(value);
        // In whole numbers, so that the law is not as inexact as what it judges.
        expect(within * 1000).toBeGreaterThanOrEqual(values.length * thousandths);
        expect(below * 1000).toBeLessThan(values.length * thousandths);
      }),
    );
  });

  it('never falls as the share grows, and does not depend on the order', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const told = percentilesOf(values);
        expect(told).toEqual(percentilesOf(values.toReversed()));
        const { p50 = 0, p95 = 0, p99 = 0, max = 0, count } = told ?? {};
        expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].toSorted((a, b) => a - b));
        expect(max).toBe(Math.max(...values));
        expect(count).toBe(values.length);
      }),
    );
  });

  it('of nothing is not told', () => expect(percentilesOf([])).toBeUndefined());
});

const samples = fc
  .array(
    fc.record({
      gapMs: fc.integer({ min: 1, max: 1000 }),
      durationMs: fc.integer({ min: 0, max: 1000 }),
      status: fc.constantFrom(200, 204, 503, 500, undefined),
    }),
    { maxLength: 40 },
  )
  .map((drawn): readonly TimelineSample[] => {
    let atMs = 0;
    return drawn.map(({ gapMs, durationMs, status }) => {
      atMs += gapMs + durationMs;
      return { atMs, durationMs, ...(status === undefined ? { words: 'refused' } : { status }) };
    });
  });

describe('a timeline', () => {
  it('tells the transitions by which its states can be followed', () => {
    fc.assert(
      fc.property(samples, (drawn) => {
        const transitions = transitionsOf({ name: 'readiness', samples: drawn });
        for (const { from, to } of transitions) expect(from).not.toBe(to);
        for (const [index, { from }] of transitions.entries())
          if (index > 0) expect(from).toBe(transitions[index - 1]?.to);
        const [first] = drawn;
        const last = drawn.at(-1);
        if (first === undefined || last === undefined) return;
        expect(transitions[0]?.from ?? stateOf(first)).toBe(stateOf(first));
        expect(transitions.at(-1)?.to ?? stateOf(first)).toBe(stateOf(last));
      }),
    );
  });

  it('is told in the order of time, with the state that each series begins in', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const marks = [{ atMs: 500, words: 'outage command' }];
        const series = [
          { name: 'liveness', samples: a },
          { name: 'readiness', samples: b },
        ];
        const lines = tellTimeline({ title: 'outage', startedAt: '2026-11-30T10:00:00Z', series, marks });
        const times = lines.map((line) => Number(/^\+(\d+\.\d) s /.exec(line)?.[1]));
        expect(times).toEqual(times.toSorted((x, y) => x - y));
        const expected = series.reduce(
          (sum, one) => sum + transitionsOf(one).length + Math.min(1, one.samples.length),
          1,
        );
        expect(lines).toHaveLength(expected);
      }),
    );
  });
});

describe('the judge of an outage', () => {
  const run = (live: readonly TimelineSample[], ready: readonly TimelineSample[]): OutageRun => ({
    timeline: {
      title: 'outage',
      startedAt: '2026-11-30T10:00:00Z',
      series: [
        { name: 'liveness', samples: live },
        { name: 'readiness', samples: ready },
      ],
      marks: [],
    },
    live: 'GET /live',
    ready: 'GET /ready',
    outage: { startedMs: 5000, endedMs: 5200, ended: 0 },
    recovery: { startedMs: 15_000, endedMs: 15_200, ended: 0 },
    answerMs: 1000,
    boundMs: 30_000,
  });
  const outcomes = (check: typeof healthOutageLivenessCheck, of: OutageRun) =>
    check
      .evaluate({ outageRun: of } as Parameters<typeof check.evaluate>[0], DEFAULT_SETTINGS)
      .map(({ outcome }) => outcome);
  const isWell = ({ status = 0 }: TimelineSample) => status >= 200 && status < 400;

  it('passes liveness where every answer since the outage began was a success, and never else', () => {
    fc.assert(
      fc.property(samples, (live) => {
        const before = live.filter(({ atMs, durationMs }) => atMs + durationMs < 5000);
        const since = live.filter(({ atMs, durationMs }) => atMs + durationMs >= 5000);
        const [outcome] = outcomes(healthOutageLivenessCheck, run(live, []));
        const canTell = before.length > 0 && before.every(isWell) && since.length > 0;
        if (!canTell) expect(outcome).not.toBe('pass');
        else expect(outcome).toBe(since.every(isWell) ? 'pass' : 'fail');
      }),
    );
  });

  it('passes readiness only where it said no in an answer, kept to it, and came back', () => {
    fc.assert(
      fc.property(samples, (ready) => {
        const told = outcomes(healthOutageReadinessCheck, run([], ready));
        if (!told.every((outcome) => outcome === 'pass')) return;
        const refusals = ready.filter((each) => !isWell(each) && each.atMs + each.durationMs >= 5000);
        expect(refusals.some(({ status, atMs }) => status !== undefined && atMs < 15_200)).toBe(true);
        expect(ready.some((each) => isWell(each) && each.atMs >= 15_000)).toBe(true);
      }),
    );
  });
});
