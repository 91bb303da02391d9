import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Deployment } from '../../../core/objects.ts';
import { fewestReplicas, podCount } from '../../../kubernetes/replicas.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const strategyCheck = defineCheck({
  id: 'rollout/strategy',
  title: 'A rollout keeps pods in traffic while it runs',
  severity: 'warning',
  why: 'With Recreate, or with a maxUnavailable of all pods, every release is an outage, and a release that does not start is a long one.',
  how: 'The strategy of each Deployment that a Service selects is RollingUpdate, and maxUnavailable (a percentage is rounded down, as the controller does) leaves at least one of the replicas. Recreate is accepted where the pod holds a PersistentVolumeClaim, which two pods could not share.',
  fix: 'Use strategy.type: RollingUpdate with maxUnavailable: 0 and maxSurge: 1.',
  verify: "kubectl get deployment NAME -o jsonpath='{.spec.strategy}'",
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy'],
  needs: [...ROLE_FACTS, 'horizontalPodAutoscalers'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings))
        .filter(({ kind }) => kind === 'Deployment')
        .map((workload) => judge(workload, fewestReplicas(workload, facts.horizontalPodAutoscalers)?.count ?? 1)),
      'No Deployment takes traffic through a Service.',
    ),
});

function judge({ resource, spec }: Workload, replicas: number): Verdict {
  const { strategy } = (resource.object as Deployment).spec ?? {};
  const subject = resource.ref;
  const pass = (message: string, observed: string): Verdict => ({
    outcome: 'pass',
    subject,
    message,
    where: resource.locate(['spec', 'strategy']),
    observed,
  });
  if (strategy?.type === 'Recreate') {
    if ((spec.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim != null))
      return pass('It recreates its pod because the pod holds a claim.', 'Recreate, with a claim');
    return {
      outcome: 'fail',
      subject,
      message: 'Every rollout stops all pods before it starts new ones.',
      where: resource.locate(['spec', 'strategy', 'type']),
      observed: 'strategy Recreate',
      expected: 'RollingUpdate',
    };
  }
  const written = strategy?.rollingUpdate?.maxUnavailable;
  const unavailable = podCount(written ?? '25%', replicas, 'down');
  const observed = `RollingUpdate, maxUnavailable ${written ?? '25% (the default)'} of ${replicas}`;
  if (unavailable !== undefined && (unavailable === 0 || unavailable < replicas))
    return pass('A rollout keeps pods in traffic.', observed);
  return {
    outcome: 'fail',
    subject,
    message:
      unavailable === undefined
        ? 'maxUnavailable is neither a number nor a percentage.'
        : 'A rollout may take every pod out of traffic at once.',
    where: resource.locate(['spec', 'strategy', 'rollingUpdate', 'maxUnavailable']),
    observed,
    expected: 'maxUnavailable 0, or less than the replicas',
  };
}
