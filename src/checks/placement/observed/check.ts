import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Node, Pod } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { isMadeBy, podsOf } from '../../../kubernetes/pods-of.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { schedulableNodes } from '../../../kubernetes/schedulable-nodes.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

const ZONE = 'topology.kubernetes.io/zone';

export const placementObservedCheck = defineCheck({
  id: 'placement/observed',
  title: 'The replicas run on several nodes, and in several zones where there are some',
  severity: 'warning',
  why: 'Rules that spread replicas are mostly wishes. After a drain, or on the day when only one node had room, all of them can lie side by side, and are lost together.',
  how: `The ready pods of each workload that takes traffic are on more than one node, and in more than one zone (${ZONE}) where the schedulable nodes lie in several. A workload with one ready pod has nothing to spread, and neither has a cluster with one node that is ready, not cordoned and without a taint that the pods do not tolerate.`,
  fix: 'Let the scheduler place them anew: kubectl rollout restart. Where that does not help, demand it: whenUnsatisfiable DoNotSchedule over kubernetes.io/hostname, or a required podAntiAffinity.',
  verify: `kubectl get pods -o wide; kubectl get nodes -L ${ZONE}`,
  references: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
    'https://kubernetes.io/docs/setup/best-practices/multiple-zones/',
  ],
  only: ['cluster'],
  needs: [...ROLE_FACTS, 'pods', 'nodes'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).map((workload) =>
        judge(
          workload,
          podsOf(workload, facts.pods).filter((pod) => isReady(pod) && isMadeBy(pod, workload)),
          facts.nodes,
        ),
      ),
      'No workload takes traffic through a Service.',
    ),
});

function judge(workload: Workload, pods: readonly Resource<Pod>[], nodes: readonly Resource<Node>[]): Verdict {
  const { resource, specPath } = workload;
  const about = { subject: resource.ref, where: resource.locate([...specPath, 'topologySpreadConstraints']) };
  const skipped = (message: string): Verdict => ({ outcome: 'not-applicable', ...about, message });
  if (pods.length < 2)
    return skipped(`It has ${pods.length === 0 ? 'no ready pod' : 'one ready pod'}, so nothing is spread.`);
  const open = schedulableNodes(nodes, workload.spec);
  const used = countBy(pods, ({ object }) => object.spec?.nodeName ?? '');
  const zoneOf = new Map(nodes.map(({ object: { metadata } }) => [metadata?.name ?? '', metadata?.labels?.[ZONE]]));
  const zones = new Set(open.flatMap(({ object }) => zoneOf.get(object.metadata?.name ?? '') ?? []));
  const usedZones = countBy(pods, ({ object }) => zoneOf.get(object.spec?.nodeName ?? '') ?? '');
  const observed = `${pods.length} ready pods: ${[...used].map(([node, count]) => `${count} on ${node}`).join(', ')}`;
  if (used.size === 1) {
    if (open.length < 2)
      return skipped('The cluster has one node at most that they could be scheduled to, so they cannot keep apart.');
    return {
      outcome: 'fail',
      ...about,
      message: 'All its ready pods run on one node, and are lost with it.',
      observed,
      expected: `pods on several of the ${open.length} nodes that they could be on`,
    };
  }
  const [zone = ''] = usedZones.keys();
  if (zones.size > 1 && usedZones.size === 1 && zone !== '')
    return {
      outcome: 'fail',
      ...about,
      message: 'All its ready pods run in one zone, and are lost with it.',
      observed: `${observed}, all in the zone ${zone}`,
      expected: `pods in several of the zones ${[...zones].sort().join(', ')}`,
      fix: `Write a topologySpreadConstraint over ${ZONE}, then let the scheduler place them anew: kubectl rollout restart.`,
    };
  const spread = usedZones.size > 1 ? `, in ${usedZones.size} zones` : '';
  return {
    outcome: 'pass',
    ...about,
    message: 'Its ready pods do not all depend on one node.',
    observed: observed + spread,
  };
}

function isReady({ object: { metadata, status, spec } }: Resource<Pod>): boolean {
  const ready = (status?.conditions ?? []).some(({ type, status: holds }) => type === 'Ready' && holds === 'True');
  return ready && spec?.nodeName !== undefined && metadata?.deletionTimestamp === undefined;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
