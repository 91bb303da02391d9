import type { Deployment, Pod } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { matchesSelector, sameNamespace } from './label-selector.ts';
import { memoizeByArray } from './memoize.ts';
import { resourcesNear } from './near.ts';
import type { Workload } from './workload.ts';

/** The pods of a serving workload that have not ended: those that its selector matches, or the pod itself. */
export function podsOf({ resource, kind, name }: Workload, all: readonly Resource<Pod>[]): readonly Resource<Pod>[] {
  const pods = resourcesNear(all, resource.object);
  if (kind === 'Pod')
    return pods.filter(({ object }) => object.metadata?.name === name && sameNamespace(object, resource.object));
  const selector = (resource.object as Deployment).spec?.selector;
  const [pair] = Object.entries(selector?.matchLabels ?? {});
  const candidates = pair === undefined ? pods : (podsByLabel(pods).get(`${pair[0]}=${pair[1]}`) ?? []);
  return candidates.filter(
    ({ object }) =>
      object.status?.phase !== 'Succeeded' &&
      object.status?.phase !== 'Failed' &&
      sameNamespace(object, resource.object) &&
      matchesSelector(selector, object.metadata?.labels),
  );
}

/**
 * Whether a pod that a workload's selector matches was made by that workload. A selector can match the pods of another one too, and
 * the controllers go by the owner alone. A pod without one may be anybody's.
 */
export function isMadeBy({ object }: Resource<Pod>, { kind, name }: Pick<Workload, 'kind' | 'name'>): boolean {
  const owner = (object.metadata?.ownerReferences ?? []).find(({ controller }) => controller === true);
  if (owner === undefined) return true;
  if (kind !== 'Deployment') return owner.kind === kind && owner.name === name;
  return owner.kind === 'ReplicaSet' && owner.name === `${name}-${object.metadata?.labels?.['pod-template-hash']}`;
}

const podsByLabel = memoizeByArray((pods: readonly Resource<Pod>[]): ReadonlyMap<string, readonly Resource<Pod>[]> => {
  const index = new Map<string, Resource<Pod>[]>();
  for (const pod of pods)
    for (const [key, value] of Object.entries(pod.object.metadata?.labels ?? {})) {
      const pair = `${key}=${value}`;
      const known = index.get(pair);
      if (known === undefined) index.set(pair, [pod]);
      else known.push(pod);
    }
  return index;
});
