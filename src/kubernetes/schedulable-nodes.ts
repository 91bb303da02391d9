import type { Node, PodSpec, Taint, Toleration } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';

/** The nodes that the scheduler may give a pod to, as far as the nodes themselves decide it: ready, open, and tainted with nothing that the pod does not tolerate. */
export function schedulableNodes(
  nodes: readonly Resource<Node>[],
  { tolerations = [] }: Pick<PodSpec, 'tolerations'>,
): readonly Resource<Node>[] {
  return nodes.filter(({ object: { spec, status } }) => {
    const isReady = (status?.conditions ?? []).some(({ type, status: holds }) => type === 'Ready' && holds === 'True');
    return (
      isReady && spec?.unschedulable !== true && (spec?.taints ?? []).every((taint) => isHarmless(taint, tolerations))
    );
  });
}

function isHarmless(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return taint.effect === 'PreferNoSchedule' || tolerations.some((toleration) => tolerates(toleration, taint));
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#concepts */
function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== '' && effect !== taint.effect) return false;
  if (key === undefined || key === '') return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
}
