import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { PersistentVolumeClaim, Pod } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { claimsMountedBy } from '../../../kubernetes/mounted-claims.ts';
import { resourcesNear } from '../../../kubernetes/near.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const boundCheck = defineCheck({
  id: 'storage/bound',
  title: 'Each claim is bound to a volume',
  severity: 'error',
  why: 'A pod that mounts a pending claim never starts, and a claim that has lost its volume has lost its data.',
  how: 'The phase of every PersistentVolumeClaim in the namespace is Bound. A pending claim that no pod mounts is unknown: classes that wait for the first consumer make no volume before, as for a backup that has not run yet.',
  fix: 'Read the events of the claim: they say whether the class is unknown, the quota is used up, or no volume fits.',
  verify: 'kubectl get pvc; kubectl describe pvc NAME',
  references: ['https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding'],
  only: ['cluster'],
  needs: ['persistentVolumeClaims', 'pods'],
  evaluate: ({ persistentVolumeClaims, pods }) =>
    orNotApplicable(
      persistentVolumeClaims.map((claim) => judge(claim, pods)),
      'There is no claim in the namespace.',
    ),
});

function judge(
  { object, ref: subject, locate }: Resource<PersistentVolumeClaim>,
  pods: readonly Resource<Pod>[],
): Verdict {
  const phase = object.status?.phase;
  const where = locate(['status', 'phase']);
  const observed = phase === undefined ? 'no phase' : `phase ${phase}`;
  const expected = 'phase Bound';
  if (phase === 'Bound')
    return {
      outcome: 'pass',
      subject,
      message: 'The claim is bound.',
      where,
      observed: `Bound, ${object.status?.capacity?.storage ?? 'capacity not said'}`,
    };
  if (phase === 'Lost')
    return { outcome: 'fail', subject, message: 'The volume behind the claim is gone.', where, observed, expected };
  if (
    resourcesNear(pods, object).some(
      (pod) => sameNamespace(pod.object, object) && claimsMountedBy(pod.object).includes(object.metadata?.name ?? ''),
    )
  )
    return {
      outcome: 'fail',
      subject,
      message: 'A pod waits for the claim, which is not bound to a volume.',
      where,
      observed,
      expected,
    };
  return {
    outcome: 'unknown',
    subject,
    message: 'No pod mounts the claim yet, so whether it will be bound to a volume cannot be seen.',
    where,
    observed,
    expected,
    fix: 'Let what mounts it run once, such as the backup: kubectl create job --from=cronjob/NAME first-run.',
  };
}
