import type { Deployment } from '../../../core/objects.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import type { HeldClaim } from '../../../kubernetes/references/claims.ts';

/** How two pods could come to write one claim. */
interface Risk {
  readonly sentence: string;
  readonly path: readonly (string | number)[];
  readonly observed: string;
  readonly expected: string;
}

/** `alike` are the claims of that name which any workload holds. */
export function riskOf({ workload, claimName, path }: HeldClaim, alike: readonly HeldClaim[]): Risk | undefined {
  const { spec } = workload.resource.object as Deployment;
  const replicas = workload.kind === 'Deployment' || workload.kind === 'StatefulSet' ? (spec?.replicas ?? 1) : 1;
  if (workload.kind === 'DaemonSet')
    return {
      sentence: 'A DaemonSet runs on every node, and all its pods share one claim.',
      path,
      observed: 'a DaemonSet',
      expected: 'a workload with one pod',
    };
  if (replicas > 1)
    return {
      sentence: `${replicas} pods share one claim.`,
      path: ['spec', 'replicas'],
      observed: `replicas ${replicas}`,
      expected: 'replicas 1, or a volumeClaimTemplate of a StatefulSet',
    };
  if (workload.kind === 'Deployment' && surges(spec?.strategy))
    return {
      sentence: 'During a rollout the new pod starts while the old one still holds the claim.',
      path: ['spec', 'strategy'],
      observed: `strategy ${spec?.strategy?.type ?? 'RollingUpdate (the default)'}, maxSurge ${spec?.strategy?.rollingUpdate?.maxSurge ?? '25% (the default)'}`,
      expected: 'strategy Recreate',
    };
  const other = alike.find(
    (candidate) =>
      candidate.workload.resource !== workload.resource &&
      sameNamespace(candidate.workload.resource.object, workload.resource.object),
  );
  return other === undefined
    ? undefined
    : {
        sentence: `${other.workload.resource.ref} writes the same claim.`,
        path,
        observed: `two workloads with claimName ${claimName}`,
        expected: 'a claim for each workload',
      };
}

function surges(strategy: NonNullable<Deployment['spec']>['strategy']): boolean {
  if (strategy?.type === 'Recreate') return false;
  const surge = strategy?.rollingUpdate?.maxSurge ?? '25%';
  return surge !== 0 && surge !== '0' && surge !== '0%';
}
