import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { PersistentVolumeClaim, StatefulSet } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { claimsOf, namedClaim } from '../../../kubernetes/references/claims.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { databasesOf } from '../databases.ts';

export const retentionCheck = defineCheck({
  id: 'storage/retention',
  title: "The database's claims outlive a pruning of the manifests",
  severity: 'warning',
  why: 'A claim is deleted like any other object: by a GitOps tool that prunes, by uninstalling a release, or by a StatefulSet that was told to clean up after itself. With most classes the data goes with it.',
  how: "A claim that stands beside its database carries a mark that keeps a deployment tool from deleting it: Argo CD's sync option Prune=false or Delete=false, Flux' prune: disabled, or Helm's resource-policy: keep. A StatefulSet with volumeClaimTemplates retains them; saying so in persistentVolumeClaimRetentionPolicy is a note's worth. In a cluster, a claim needs the mark where Argo CD, Flux, Helm or an ApplySet says on it that it manages it.",
  fix: 'Annotate the claim with helm.sh/resource-policy: keep, kustomize.toolkit.fluxcd.io/prune: disabled or argocd.argoproj.io/sync-options: Prune=false,Delete=false; set whenDeleted and whenScaled to Retain.',
  verify:
    'kubectl get pvc NAME -o yaml; kubectl get pv -o custom-columns=NAME:.metadata.name,RECLAIM:.spec.persistentVolumeReclaimPolicy',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention',
    'https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-prune-resources',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#prune',
    'https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource',
  ],
  needs: [...ROLE_FACTS, 'persistentVolumeClaims'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      databasesOf(facts, settings).flatMap((workload) => {
        const claims = claimsOf(workload);
        return [
          ...(claims.some(({ template }) => template !== undefined) ? [judgeTemplates(workload)] : []),
          ...claims.flatMap((claim) => {
            const named = namedClaim(claim, facts.persistentVolumeClaims);
            return named === undefined ? [] : [judgeClaim(named)];
          }),
        ];
      }),
      'No database holds a claim that is among the input.',
    ),
});

function judgeTemplates({ resource }: Workload): Verdict {
  const { whenDeleted, whenScaled } = (resource.object as StatefulSet).spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const observed = `whenDeleted ${whenDeleted ?? 'not said'}, whenScaled ${whenScaled ?? 'not said'}`;
  const where = resource.locate(['spec', 'persistentVolumeClaimRetentionPolicy']);
  const subject = resource.ref;
  if (whenDeleted === 'Delete' || whenScaled === 'Delete')
    return {
      outcome: 'fail',
      subject,
      message: 'The StatefulSet deletes the claims of its database.',
      where,
      observed,
      expected: 'whenDeleted Retain, whenScaled Retain',
    };
  if (whenDeleted === undefined || whenScaled === undefined)
    return {
      outcome: 'fail',
      severity: 'note',
      subject,
      message: 'The claims are retained by default, and nobody says that they must be.',
      where,
      observed,
      expected: 'whenDeleted Retain, whenScaled Retain',
    };
  return { outcome: 'pass', subject, message: 'The StatefulSet retains its claims.', where, observed };
}

function judgeClaim({ object, ref: subject, locate }: Resource<PersistentVolumeClaim>): Verdict {
  const annotations = object.metadata?.annotations ?? {};
  const options = (annotations['argocd.argoproj.io/sync-options'] ?? '').split(',').map((option) => option.trim());
  const protection = [
    ...options.filter((option) => option === 'Prune=false' || option === 'Delete=false'),
    ...(annotations['kustomize.toolkit.fluxcd.io/prune']?.toLowerCase() === 'disabled' ? ['Flux prune: disabled'] : []),
    ...(annotations['helm.sh/resource-policy'] === 'keep' ? ['Helm resource-policy: keep'] : []),
  ];
  const where = locate(['metadata', 'annotations']);
  if (protection.length > 0)
    return {
      outcome: 'pass',
      subject,
      message: 'The claim is kept when its manifests go.',
      where,
      observed: protection.join(', '),
    };
  if (isAlive(object) && managerOf(object) === undefined)
    return {
      outcome: 'pass',
      subject,
      message: 'No deployment tool says that it manages the claim.',
      where,
      observed: 'no mark of Argo CD, Flux, Helm or an ApplySet',
    };
  return {
    outcome: 'fail',
    subject,
    message: 'Nothing keeps a deployment tool from deleting the claim with its data.',
    where,
    observed: `no annotation against pruning${managerOf(object) === undefined ? '' : `, and ${managerOf(object)} manages it`}`,
    expected: 'an annotation such as helm.sh/resource-policy: keep',
  };
}

/** What the tools that prune write on an object that is theirs. */
const MANAGERS: readonly (readonly [tool: string, mark: string])[] = [
  ['Argo CD', 'argocd.argoproj.io/tracking-id'],
  ['Argo CD', 'argocd.argoproj.io/instance'],
  ['Flux', 'kustomize.toolkit.fluxcd.io/name'],
  ['Flux', 'helm.toolkit.fluxcd.io/name'],
  ['Helm', 'meta.helm.sh/release-name'],
  ['an ApplySet', 'applyset.kubernetes.io/part-of'],
];

function managerOf({ metadata }: PersistentVolumeClaim): string | undefined {
  const marks = { ...metadata?.labels, ...metadata?.annotations };
  return MANAGERS.find(([, mark]) => Object.hasOwn(marks, mark))?.[0];
}

/** Only the API server writes when an object was made. */
function isAlive({ metadata }: PersistentVolumeClaim): boolean {
  return (metadata?.creationTimestamp ?? null) !== null;
}
