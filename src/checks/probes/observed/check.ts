import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Event, Pod } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { memoizeByArray } from '../../../kubernetes/memoize.ts';
import { podsOf } from '../../../kubernetes/pods-of.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { faultsOfPod } from './faults.ts';
import { describeEnd } from './restarts.ts';

export const observedCheck = defineCheck({
  id: 'probes/observed',
  title: 'The running pods pass their probes',
  severity: 'error',
  why: 'Probes that read well can still fail: a path that the image does not serve, a timeout that is too short under load. The pods and their events tell.',
  how: 'Each pod of a workload that takes traffic is Ready; no container was restarted because its liveness or startup probe failed, and none is in CrashLoopBackOff; none was restarted more than three times, and readiness did not fail for more than a minute in all, nor more than five times where the probe is a slow one, within what the events still remember, which are warnings. Failures in one unbroken row that ended when the pod became ready are a wait for a dependency, and are not counted. How each container ended last, with its exit code, is told beside that; an end for want of memory is judged by resources/out-of-memory.',
  fix: 'Read the events and the last log lines of the pod that is named, then mend the endpoint, or the budget of the probe.',
  verify: 'kubectl get pods; kubectl get events --field-selector reason=Unhealthy',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes',
    'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/',
  ],
  only: ['cluster'],
  needs: [...ROLE_FACTS, 'pods', 'events'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).flatMap((workload): readonly Verdict[] => {
        const pods = podsOf(workload, facts.pods);
        if (pods.length > 0) return pods.flatMap((pod) => judge(pod, eventsOf(pod, facts.events)));
        return [
          {
            outcome: 'unknown',
            subject: workload.resource.ref,
            message: 'It has no pod, so no probe could be observed.',
            where: workload.resource.locate(['spec', 'replicas']),
          },
        ];
      }),
      'No workload takes traffic through a Service.',
    ),
});

function judge(pod: Resource<Pod>, events: readonly Event[]): readonly Verdict[] {
  if (!hasRun(pod.object))
    return [
      {
        outcome: 'unknown',
        subject: pod.ref,
        message: 'None of its containers has run, so no probe could be observed.',
        where: pod.locate(['status']),
      },
    ];
  const faults = faultsOfPod(pod.object, events);
  if (faults.length > 0)
    return faults.map(({ at, ...fault }) => ({ outcome: 'fail', subject: pod.ref, where: pod.locate(at), ...fault }));
  return [
    {
      outcome: 'pass',
      subject: pod.ref,
      message: 'The pod is ready and passes its probes.',
      where: pod.locate(['status']),
      observed: ['Ready', ...restartsOf(pod.object)].join(', '),
    },
  ];
}

/** Few restarts are no failure; what they were for is told all the same. */
function restartsOf({ status }: Pod): readonly string[] {
  const restarted = (status?.containerStatuses ?? []).filter(({ restartCount = 0 }) => restartCount > 0);
  if (restarted.length === 0) return ['0 restarts'];
  return restarted.map(
    (container) => `${container.restartCount} restarts of ${container.name}, ${describeEnd(container)}`,
  );
}

function eventsOf({ object }: Resource<Pod>, events: readonly Resource<Event>[]): readonly Event[] {
  return byPod(events).get(`${object.metadata?.namespace}/${object.metadata?.name}`) ?? [];
}

const byPod = memoizeByArray(
  (events: readonly Resource<Event>[]): ReadonlyMap<string, readonly Event[]> =>
    Map.groupBy(
      events.map(({ object }) => object).filter(({ involvedObject: about }) => about?.kind === 'Pod'),
      ({ involvedObject: about }) => `${about?.namespace}/${about?.name}`,
    ),
);

/** Probes begin when a container does: a pod that waits for a node, an image or a Secret was never asked. */
function hasRun({ status }: Pod): boolean {
  return (status?.containerStatuses ?? []).some(
    ({ state, lastState, restartCount = 0 }) =>
      state?.running != null || state?.terminated != null || lastState?.terminated != null || restartCount > 0,
  );
}
