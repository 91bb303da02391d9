import type { Verdict } from '../../../core/check.ts';
import type { Path } from '../../../core/location.ts';
import type { Event, Pod, PodStatus } from '../../../core/objects.ts';
import { describeEnd, restartFaults } from './restarts.ts';
import { containerOf, lastSaid, timeOf } from './said.ts';

export type PodFault = Pick<Verdict, 'message' | 'severity'> & {
  readonly at: Path;
  readonly observed: string;
  readonly expected: string;
};

/** A slow start explains some failures. */
const MAX_READINESS_FAILURES = 5;
/** A database that moves to another node is away for as long, and its clients rightly say so. */
const MAX_UNREADY_MS = 60_000;
/** What the kubelet takes where a probe names no period. */
const DEFAULT_PERIOD_S = 10;

/** What a pod's status and its events say against its probes. */
export function faultsOfPod(pod: Pod, events: readonly Event[]): readonly PodFault[] {
  return [...notReady(pod, events), ...restartFaults(pod, events), ...unready(pod, events)];
}

function notReady({ status }: Pod, events: readonly Event[]): readonly PodFault[] {
  const conditions = status?.conditions ?? [];
  const index = conditions.findIndex(({ type }) => type === 'Ready');
  const condition = conditions[index];
  if (condition?.status === 'True') return [];
  return [
    {
      at: index === -1 ? ['status', 'conditions'] : ['status', 'conditions', index],
      message: 'The pod is not ready.',
      observed: [
        ['Ready', condition?.status ?? 'not said', condition?.reason].filter(Boolean).join(' '),
        ...blocked(status ?? {}),
        lastSaid(events, /./),
      ]
        .filter(Boolean)
        .join('; '),
      expected: 'Ready True',
    },
  ];
}

/** Each container that is not ready: what it does instead, and how it ended where it did. */
function blocked({ containerStatuses = [] }: PodStatus): readonly string[] {
  return containerStatuses
    .filter(({ ready }) => ready !== true)
    .map((container) => {
      const { name, state, lastState, restartCount = 0 } = container;
      const does =
        state?.running != null ? 'runs' : (state?.waiting?.reason ?? state?.terminated?.reason ?? 'not started');
      const ended = state?.terminated ?? lastState?.terminated;
      return `container ${name} ${does}${ended == null ? '' : `, ${restartCount} restarts, ${describeEnd(container)}`}`;
    });
}

function unready(pod: Pod, events: readonly Event[]): readonly PodFault[] {
  const unhealthy = events.filter(
    ({ reason, message = '' }) => reason === 'Unhealthy' && message.startsWith('Readiness'),
  );
  const failures = unhealthy.reduce((sum, { count = 1 }) => sum + count, 0);
  const allowed = Math.max(MAX_READINESS_FAILURES, Math.floor(MAX_UNREADY_MS / readinessPeriodMs(pod)));
  if (failures <= allowed || isOneEpisode(pod, unhealthy, failures)) return [];
  return [
    {
      at: ['status', 'conditions'],
      severity: 'warning',
      message: `The readiness probe failed ${failures} times of late.`,
      observed: [`${failures} events Unhealthy${named(unhealthy)}`, lastSaid(unhealthy, /./)]
        .filter(Boolean)
        .join('; '),
      expected: `at most ${allowed}`,
    },
  ];
}

function named(events: readonly Event[]): string {
  const names = [...new Set(events.flatMap((event) => containerOf(event) ?? []))];
  return names.length === 0 ? '' : ` of ${names.join(', ')}`;
}

/**
 * Whether the failures followed one another without a success between them and ended when the pod became ready: it waited
 * for its database once, as it should, and has not flapped.
 */
function isOneEpisode(pod: Pod, unhealthy: readonly Event[], failures: number): boolean {
  const ready = (pod.status?.conditions ?? []).find(({ type }) => type === 'Ready');
  // The kubelet is at times late by more than a short period.
  const periodMs = Math.max(DEFAULT_PERIOD_S * 1000, readinessPeriodMs(pod));
  const first = Math.min(...unhealthy.map((event) => Date.parse(event.firstTimestamp ?? timeOf(event))));
  const last = Math.max(...unhealthy.map((event) => Date.parse(timeOf(event))));
  const readySince = Date.parse(ready?.status === 'True' ? (ready.lastTransitionTime ?? '') : '');
  // A time that is not said is NaN, and no comparison holds with it.
  return last <= readySince + periodMs && last - first <= failures * periodMs;
}

/** The longest of its containers. */
function readinessPeriodMs({ spec }: Pod): number {
  const probes = (spec?.containers ?? []).flatMap(({ readinessProbe }) => readinessProbe ?? []);
  const periods = probes.map(({ periodSeconds }) => periodSeconds ?? DEFAULT_PERIOD_S);
  return (periods.length === 0 ? DEFAULT_PERIOD_S : Math.max(...periods)) * 1000;
}
