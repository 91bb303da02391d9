import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { PersistentVolumeClaim } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { claimsOf, type HeldClaim, namedClaim } from '../../../kubernetes/references/claims.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { databasesOf } from '../databases.ts';
import { riskOf } from './risk.ts';

export const sharedWriterCheck = defineCheck({
  id: 'storage/shared-writer',
  title: 'No two pods write the same claim at once',
  severity: 'error',
  why: 'Two database servers on one data folder destroy it. Where the volume allows one node only, the second pod hangs instead, and a rollout never finishes.',
  how: 'A claim named by claimName is shared by all pods of its workload. With ReadWriteOnce or ReadWriteOncePod, and for a database with any mode, the workload therefore has one replica, a Deployment does not surge during a rollout, and no second serving workload names the claim. Claims from a volumeClaimTemplate belong to one pod each.',
  fix: 'Set replicas: 1 and, on a Deployment, strategy.type: Recreate; give a StatefulSet with several replicas a volumeClaimTemplate.',
  verify:
    "kubectl get pods -o custom-columns='POD:.metadata.name,CLAIM:.spec.volumes[*].persistentVolumeClaim.claimName'",
  references: [
    'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes',
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy',
  ],
  needs: [...ROLE_FACTS, 'persistentVolumeClaims'],
  evaluate: (facts, settings) => {
    const databases = new Set(databasesOf(facts, settings).map(({ resource }) => resource));
    const held = workloadsOf(facts)
      .filter(({ serves }) => serves)
      .flatMap(claimsOf);
    const heldBy = Map.groupBy(held, ({ claimName }) => claimName);
    return orNotApplicable(
      held.map((claim) => {
        const isDatabase = databases.has(claim.workload.resource);
        return judge(
          claim,
          heldBy.get(claim.claimName) ?? [],
          isDatabase,
          namedClaim(claim, facts.persistentVolumeClaims),
        );
      }),
      'No serving workload holds a claim.',
    );
  },
});

function judge(
  claim: HeldClaim,
  alike: readonly HeldClaim[],
  isDatabase: boolean,
  named: Resource<PersistentVolumeClaim> | undefined,
): Verdict {
  const { workload, claimName, volume } = claim;
  const { ref, locate } = workload.resource;
  const subject = `${ref} claim ${claimName ?? volume}`;
  const pass = (observed: string): Verdict => ({
    outcome: 'pass',
    subject,
    message: 'One pod at a time writes the claim.',
    where: locate(claim.path),
    observed,
  });
  if (claimName === undefined) return pass('a volumeClaimTemplate, so each pod has a claim of its own');
  const risk = riskOf(claim, alike);
  if (risk === undefined) return pass('one replica, and none beside it during a rollout');
  const modes = named?.object.spec?.accessModes;
  if (modes === undefined && !isDatabase)
    return {
      outcome: 'unknown',
      subject,
      message: `${risk.sentence} Whether the claim allows that is not known: it is not among the input.`,
      where: locate(risk.path),
    };
  if (!isDatabase && (modes ?? []).every((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany'))
    return pass(`${(modes ?? []).join(', ')}, made for several pods`);
  return {
    outcome: 'fail',
    subject,
    message: risk.sentence,
    where: locate(risk.path),
    observed: `${risk.observed}, claim ${claimName} (${(modes ?? ['access mode not known']).join(', ')})`,
    expected: risk.expected,
  };
}
