import type { Verdict } from '../../../core/check.ts';
import type { Path } from '../../../core/location.ts';
import type { Event, Pod } from '../../../core/objects.ts';
import { maskSecrets } from '../../../core/secret-text.ts';

type PodFault = Pick<Verdict, 'message' | 'severity'> & {
  readonly at: Path;
  readonly observed: string;
  readonly expected: string;
};

/** A node that was drained or a rollout of the database explains some restarts, and a slow start some failures. */
const MAX_RESTARTS = 3;
const MAX_READINESS_FAILURES = 5;
/** A database that moves to another node is away for as long, and its clients rightly say so. */
const MAX_UNREADY_MS = 60_000;
const MAX_MESSAGE = 200;
/** What the kubelet takes where a probe names no period. */
const DEFAULT_PERIOD_S = 10;

/** What a pod's status and its events say against its probes. */
export function faultsOfPod(pod: Pod, events: readonly Event[]): readonly PodFault[] {
  return [...notReady(pod, events), ...restarted(pod, events), ...unready(pod, events)];
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
        lastFailure(events),
      ]
        .filter(Boolean)
        .join('; '),
      expected: 'Ready True',
    },
  ];
}

/** The kubelet's own words about the probe that failed last. What an exec probe printed may follow them, so secrets are masked. */
function lastFailure(events: readonly Event[]): string | undefined {
  const [last] = events
    .filter(({ reason }) => reason === 'Unhealthy')
    .sort((a, b) => timeOf(b).localeCompare(timeOf(a)));
  return last?.message === undefined ? undefined : maskSecrets(last.message.trim().slice(0, MAX_MESSAGE));
}

function restarted({ status }: Pod, events: readonly Event[]): readonly PodFault[] {
  const killing = events.find(({ reason, message = '' }) => reason === 'Killing' && /liveness probe/.test(message));
  if (killing !== undefined)
    return [
      {
        at: ['status', 'containerStatuses'],
        message: 'A container was restarted because its liveness probe failed.',
        observed: `event Killing, ${killing.count ?? 1} times`,
        expected: 'no restart by a probe',
      },
    ];
  return (status?.containerStatuses ?? []).flatMap(({ name, restartCount = 0, lastState }, index) =>
    restartCount <= MAX_RESTARTS
      ? []
      : [
          {
            at: ['status', 'containerStatuses', index, 'restartCount'],
            severity: 'warning' as const,
            message: `The container ${name} was restarted ${restartCount} times.`,
            observed: `${restartCount} restarts, the last one for ${lastState?.terminated?.reason ?? 'a reason that is not known'}`,
            expected: `at most ${MAX_RESTARTS}`,
          },
        ],
  );
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
      observed: `${failures} events Unhealthy`,
      expected: `at most ${allowed}`,
    },
  ];
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

function timeOf({ lastTimestamp, eventTime }: Event): string {
  return lastTimestamp ?? eventTime ?? '';
}
