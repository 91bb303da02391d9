import type { Snapshot } from '../core/facts.ts';
import type { KubernetesObject } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';

/** What `kubectl rollout status` reads of a Deployment, StatefulSet or DaemonSet, whose fields have names of their own. */
interface Rolling extends KubernetesObject {
  readonly spec?: { readonly replicas?: number; readonly updateStrategy?: { readonly type?: string } };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
  };
}

/** The workloads, by name, whose pods are being replaced or started at the moment: what is said of them may be other in a minute. */
export function rolloutsIn({ facts }: Pick<Snapshot, 'facts'>): readonly string[] {
  const { deployments, statefulSets, daemonSets } = facts;
  return [deployments, statefulSets, daemonSets]
    .flatMap((observed): readonly Resource[] => (observed?.seen === true ? observed.value : []))
    .filter(({ object }) => isRolling(object))
    .map(({ ref }) => ref);
}

function isRolling({ kind, metadata, spec, status }: Rolling): boolean {
  if (status === undefined) return true;
  if ((status.observedGeneration ?? 0) < (metadata?.generation ?? 0)) return true;
  if (kind === 'DaemonSet') {
    const { desiredNumberScheduled: wanted = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = status;
    // With OnDelete a person replaces the pods, in a time of their own.
    const isOld = spec?.updateStrategy?.type !== 'OnDelete' && updatedNumberScheduled < wanted;
    return isOld || numberAvailable < wanted;
  }
  const wanted = spec?.replicas ?? 1;
  if (kind === 'StatefulSet') {
    const { readyReplicas = 0, currentRevision, updateRevision } = status;
    return readyReplicas < wanted || (spec?.updateStrategy?.type !== 'OnDelete' && currentRevision !== updateRevision);
  }
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  return updatedReplicas < wanted || replicas > updatedReplicas || availableReplicas < updatedReplicas;
}
