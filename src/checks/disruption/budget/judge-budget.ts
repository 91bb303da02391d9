import type { Verdict } from '../../../core/check.ts';
import type { HorizontalPodAutoscaler, PodDisruptionBudget } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { fewestReplicas, podCount } from '../../../kubernetes/replicas.ts';
import type { Workload } from '../../../kubernetes/workload.ts';

/** Whether a budget speaks of pods at all, and lets one of them go. */
export function judgeBudget(
  { object, ref: subject, locate }: Resource<PodDisruptionBudget>,
  workloads: readonly Workload[],
  autoscalers: readonly Resource<HorizontalPodAutoscaler>[],
): Verdict {
  const { minAvailable, maxUnavailable } = object.spec ?? {};
  const field = minAvailable == null ? 'maxUnavailable' : 'minAvailable';
  const written = minAvailable ?? maxUnavailable;
  const where = locate(['spec', field]);
  const owned = (object.metadata?.ownerReferences ?? []).length > 0;
  if (workloads.length === 0)
    return owned
      ? { outcome: 'not-applicable', subject, message: 'An operator keeps it, over pods that it also keeps.' }
      : {
          outcome: 'fail',
          subject,
          message: 'The budget selects no pod of the input.',
          where: locate(['spec', 'selector']),
          observed: `selector ${JSON.stringify(object.spec?.selector ?? null)}`,
          expected: 'the labels of a pod template in the same namespace',
        };
  const counts = workloads.map((workload) => fewestReplicas(workload, autoscalers)?.count);
  if (counts.some((count) => count === undefined))
    return { outcome: 'not-applicable', subject, message: 'Its pods have no number of replicas to compare with.' };
  const pods = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const kept = podCount(written, pods, 'up');
  const observed = `${field} ${written ?? 'not written'} over ${pods} ${pods === 1 ? 'pod' : 'pods'}`;
  const free = kept === undefined ? undefined : field === 'minAvailable' ? pods - kept : kept;
  if (free !== undefined && (free > 0 || pods === 0))
    return { outcome: 'pass', subject, message: 'A drain can evict a pod and keeps the others.', where, observed };
  return {
    outcome: 'fail',
    subject,
    message:
      free === undefined
        ? 'The budget does not say how many pods may go.'
        : free < 0
          ? 'The budget asks for more pods than there are, so it is never met and blocks every drain.'
          : 'The budget lets no pod go, so it blocks every drain.',
    where,
    observed,
    expected: pods === 1 ? 'no budget for a single replica, or maxUnavailable 1' : 'maxUnavailable 1',
  };
}
