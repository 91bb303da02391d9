import type { Pod } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';

const MAX_PODS_OF_ONE_OWNER = 20;
const MAX_PODS = 300;

export interface ChosenPods {
  readonly pods: readonly Resource<Pod>[];
  /** Which were left out, for each owner. */
  readonly gaps: readonly string[];
}

/** The pods that can be asked: they run, and are not on their way out. Of very many replicas some stand for all, and the others are named as not seen. */
export function choosePods(all: readonly Resource<Pod>[]): ChosenPods {
  const running = all.filter(
    ({ object: { metadata, status } }) => status?.phase === 'Running' && metadata?.deletionTimestamp === undefined,
  );
  const gaps: string[] = [];
  const pods: Resource<Pod>[] = [];
  for (const [owner, replicas] of Map.groupBy(running, ownerOf)) {
    const chosen = replicas.slice(0, Math.min(MAX_PODS_OF_ONE_OWNER, MAX_PODS - pods.length));
    pods.push(...chosen);
    if (chosen.length < replicas.length)
      gaps.push(`${replicas.length - chosen.length} of the ${replicas.length} pods of ${owner} were not asked`);
  }
  return { pods, gaps };
}

function ownerOf({ object, ref }: Resource<Pod>): string {
  const { namespace, ownerReferences = [] } = object.metadata ?? {};
  const owner = ownerReferences.find(({ controller }) => controller === true);
  return owner === undefined ? ref : `${owner.kind} ${namespace}/${owner.name}`;
}
