import type { Path } from '../../../core/location.ts';
import type { ContainerState, ContainerStatus, Event, Pod } from '../../../core/objects.ts';
import type { PodFault } from './faults.ts';
import { lastSaid, timeOf } from './said.ts';

/** A node that was drained or a rollout of the database explains some restarts. */
const MAX_RESTARTS = 3;

/** What the containers of a pod were started again for. A probe's own restarts come first: they explain the rest. */
export function restartFaults(pod: Pod, events: readonly Event[]): readonly PodFault[] {
  return lastingContainers(pod).flatMap(({ container, at }): readonly PodFault[] => {
    const kills = events.filter((event) => killedBy(event)?.container === container.name);
    const [last] = kills.toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
    if (last !== undefined) return [byProbe(container, at, kills, last, events)];
    const { name, restartCount = 0, state } = container;
    if (state?.waiting?.reason === 'CrashLoopBackOff')
      return [
        {
          at: [...at, 'state', 'waiting', 'reason'],
          message: `The container ${name} ends again and again after it was started.`,
          observed: `CrashLoopBackOff, ${restartCount} restarts, ${describeEnd(container)}`,
          expected: 'a container that stays up',
        },
      ];
    if (restartCount <= MAX_RESTARTS) return [];
    return [
      {
        at: [...at, 'restartCount'],
        severity: 'warning',
        message: `The container ${name} was restarted ${restartCount} times.`,
        observed: `${restartCount} restarts, ${describeEnd(container)}`,
        expected: `at most ${MAX_RESTARTS}`,
      },
    ];
  });
}

/** Containers that are to stay up: sidecars too, and no init container, which may well try until its database is there. */
function lastingContainers({ spec, status }: Pod) {
  const sidecars = new Set(
    (spec?.initContainers ?? []).flatMap(({ name, restartPolicy }) => (restartPolicy === 'Always' ? name : [])),
  );
  return [
    ...(status?.containerStatuses ?? []).map((container, index) => ({
      container,
      at: ['status', 'containerStatuses', index],
    })),
    ...(status?.initContainerStatuses ?? []).flatMap((container, index) =>
      sidecars.has(container.name) ? [{ container, at: ['status', 'initContainerStatuses', index] }] : [],
    ),
  ];
}

/** `the last one for Error, exit code 1, at 2026-11-10T07:59:00Z`. */
export function describeEnd({ state, lastState }: Pick<ContainerStatus, 'state' | 'lastState'>): string {
  const ended: ContainerState['terminated'] = state?.terminated ?? lastState?.terminated;
  if (ended == null) return 'the last one for a reason that is not known';
  const { reason = 'a reason that is not said', exitCode, signal, finishedAt } = ended;
  return [
    `the last one for ${reason}`,
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(signal === undefined || signal === 0 ? [] : [`signal ${signal}`]),
    ...(finishedAt === undefined ? [] : [`at ${finishedAt}`]),
  ].join(', ');
}

/** The kubelet's words: `Container api failed liveness probe, will be restarted`. */
function killedBy({ reason, message = '' }: Event) {
  const [, container, probe] =
    (reason === 'Killing' && /^Container (\S+) failed (liveness|startup) probe/.exec(message)) || [];
  return container === undefined || probe === undefined ? undefined : { container, probe };
}

function byProbe(
  container: ContainerStatus,
  at: Path,
  kills: readonly Event[],
  last: Event,
  events: readonly Event[],
): PodFault {
  const probe = killedBy(last)?.probe ?? 'liveness';
  const times = kills.reduce((sum, { count = 1 }) => sum + count, 0);
  const said = lastSaid(events, probe === 'liveness' ? /^Liveness probe/ : /^Startup probe/, container.name);
  return {
    at,
    message: `The container ${container.name} was restarted because its ${probe} probe failed.`,
    observed: [
      `event Killing, ${times} times`,
      ...(container.lastState?.terminated == null ? [] : [describeEnd(container)]),
      ...(said === undefined ? [] : [said]),
    ].join('; '),
    expected: 'no restart by a probe',
  };
}
