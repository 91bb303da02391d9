import type { Verdict } from '../../core/check.ts';
import type { OutageRun } from '../../core/run-facts.ts';
import { stateOf, type TimelineSample } from '../../core/timeline.ts';

/** What the run shows of one endpoint, in the order of time. */
export interface OutagePhases {
  readonly before: readonly TimelineSample[];
  /** From the beginning of the outage command to the end of the recover command. */
  readonly during: readonly TimelineSample[];
  readonly after: readonly TimelineSample[];
}

export function phasesOf(run: OutageRun, series: 'liveness' | 'readiness'): OutagePhases {
  const samples = run.timeline.series.find(({ name }) => name === series)?.samples ?? [];
  const endOf = ({ atMs, durationMs }: TimelineSample) => atMs + durationMs;
  return {
    before: samples.filter((each) => endOf(each) < run.outage.startedMs),
    during: samples.filter((each) => endOf(each) >= run.outage.startedMs && each.atMs < run.recovery.endedMs),
    after: samples.filter((each) => each.atMs >= run.recovery.endedMs),
  };
}

/** What the kubelet takes for a success. */
export function isWell({ status }: TimelineSample): boolean {
  return status !== undefined && status >= 200 && status < 400;
}

/** Why nothing can be said of an endpoint: there was no outage, or the endpoint was not well before it. */
export function withoutOutage(
  { outage }: OutageRun,
  { before }: OutagePhases,
  about: Pick<Verdict, 'subject' | 'where' | 'expected'>,
): Verdict | undefined {
  if (outage.ended !== 0)
    return {
      ...about,
      outcome: 'unknown',
      message: `The outage command ended with ${outage.ended}, so that there may have been no outage.`,
    };
  const ill = before.find((sample) => !isWell(sample));
  if (before.length > 0 && ill === undefined) return undefined;
  return {
    ...about,
    outcome: 'unknown',
    message:
      ill === undefined
        ? 'The endpoint was not seen before the outage.'
        : `The endpoint answered ${stateOf(ill)} before the outage already.`,
  };
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
