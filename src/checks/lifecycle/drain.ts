import type { Verdict } from '../../core/check.ts';
import type { DrainRun } from '../../core/run-facts.ts';
import type { TimelineSample } from '../../core/timeline.ts';

/** When readiness first said no by an answer after the order; undefined where it never did. */
export function readinessSaidNoMs(run: DrainRun): number | undefined {
  const no = samplesAfter(run, 'readiness').find(({ status }) => status !== undefined && status >= 400);
  return no === undefined ? undefined : no.atMs + no.durationMs;
}

/** What was asked after the order. */
export function samplesAfter(run: DrainRun, series: string): readonly TimelineSample[] {
  const samples = run.timeline.series.find(({ name }) => name === series)?.samples ?? [];
  return samples.filter(({ atMs }) => atMs >= run.orderedMs);
}

/** An order that was not given shows nothing. */
export function withoutOrder({ command }: DrainRun, subject: string): Verdict | undefined {
  return command === undefined || command.ended === 0
    ? undefined
    : {
        outcome: 'unknown',
        subject,
        message: `The drain command ended with ${command.ended}, so that the service may not have been told to stop.`,
      };
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
