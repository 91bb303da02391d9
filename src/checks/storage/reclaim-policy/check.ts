import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { claimsOf, type HeldClaim } from '../../../kubernetes/references/claims.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { databasesOf } from '../databases.ts';

export const reclaimPolicyCheck = defineCheck({
  id: 'storage/reclaim-policy',
  title: "The database's volume outlives its claim",
  severity: 'note',
  why: 'Most classes make volumes that are deleted together with their claim. Whoever deletes a namespace or a claim by mistake then deletes the data as well, and the next backup is all that is left.',
  how: 'The volume behind each bound claim of the database has the reclaim policy Retain. Delete fails, and so does Recycle, which empties the volume. A claim that is not bound has no volume yet.',
  fix: `Keep the volume: kubectl patch pv NAME -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}', and use a StorageClass with reclaimPolicy: Retain for the next one.`,
  verify:
    'kubectl get pv -o custom-columns=NAME:.metadata.name,CLAIM:.spec.claimRef.name,RECLAIM:.spec.persistentVolumeReclaimPolicy',
  references: [
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming',
    'https://kubernetes.io/docs/tasks/administer-cluster/change-pv-reclaim-policy/',
  ],
  only: ['cluster'],
  needs: [...ROLE_FACTS, 'persistentVolumeClaims', 'persistentVolumes'],
  evaluate: (facts, settings) => {
    const held = databasesOf(facts, settings).flatMap(claimsOf);
    return orNotApplicable(
      facts.persistentVolumeClaims
        .filter(({ object }) => object.spec?.volumeName !== undefined && held.some((claim) => isHeld(object, claim)))
        .map((claim) => judge(claim, facts.persistentVolumes)),
      'No database holds a claim that is bound.',
    );
  },
});

function isHeld(claim: PersistentVolumeClaim, { workload, claimName, volume }: HeldClaim): boolean {
  const { object } = workload.resource;
  const { name = '' } = claim.metadata ?? {};
  if (!sameNamespace(claim, object)) return false;
  if (claimName !== undefined) return name === claimName;
  // The controller names them: template, StatefulSet, ordinal.
  const prefix = `${volume}-${object.metadata?.name}-`;
  return name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length));
}

function judge(
  { object, ref: subject, locate }: Resource<PersistentVolumeClaim>,
  volumes: readonly Resource<PersistentVolume>[],
): Verdict {
  const name = object.spec?.volumeName;
  const volume = volumes.find((candidate) => candidate.object.metadata?.name === name);
  if (volume === undefined)
    return {
      outcome: 'unknown',
      subject,
      message: 'The volume that the claim names was not found.',
      where: locate(['spec', 'volumeName']),
      observed: `volume ${name}`,
    };
  const policy = volume.object.spec?.persistentVolumeReclaimPolicy;
  const evidence = {
    subject,
    where: volume.locate(['spec', 'persistentVolumeReclaimPolicy']),
    observed: `volume ${name}, reclaim policy ${policy ?? 'not said'}`,
    expected: 'reclaim policy Retain',
  };
  return policy === 'Retain'
    ? { ...evidence, outcome: 'pass', message: 'The volume is kept when its claim is deleted.' }
    : { ...evidence, outcome: 'fail', message: 'The data is deleted together with the claim.' };
}
