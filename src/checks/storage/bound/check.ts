import { defineCheck } from '../../../core/check.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const boundCheck = defineCheck({
  id: 'storage/bound',
  title: 'Each claim is bound to a volume',
  severity: 'error',
  why: 'A pod that mounts a pending claim never starts, and a claim that has lost its volume has lost its data.',
  how: 'The phase of every PersistentVolumeClaim in the namespace is Bound.',
  fix: 'Read the events of the claim: they say whether the class is unknown, the quota is used up, or no volume fits.',
  verify: 'kubectl get pvc; kubectl describe pvc NAME',
  references: ['https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding'],
  only: ['cluster'],
  needs: ['persistentVolumeClaims'],
  evaluate: ({ persistentVolumeClaims }) =>
    orNotApplicable(
      persistentVolumeClaims.map(({ object, ref, locate }) => {
        const phase = object.status?.phase;
        const where = locate(['status', 'phase']);
        if (phase === 'Bound')
          return {
            outcome: 'pass',
            subject: ref,
            message: 'The claim is bound.',
            where,
            observed: `Bound, ${object.status?.capacity?.storage ?? 'capacity not said'}`,
          };
        return {
          outcome: 'fail',
          subject: ref,
          message: phase === 'Lost' ? 'The volume behind the claim is gone.' : 'The claim is not bound to a volume.',
          where,
          observed: phase === undefined ? 'no phase' : `phase ${phase}`,
          expected: 'phase Bound',
          ...(phase === 'Pending'
            ? {
                fix: 'A class that waits for its first consumer binds when a pod mounts the claim; else see the events.',
              }
            : {}),
        };
      }),
      'There is no claim in the namespace.',
    ),
});
