import type { NetworkPolicy, NetworkPolicyRule } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { matchesSelector, sameNamespace } from './label-selector.ts';
import { memoizeByArray } from './memoize.ts';
import { resourcesNear } from './near.ts';
import type { Workload } from './workload.ts';

export type Direction = 'Ingress' | 'Egress';

/** The policies that isolate a workload's pods in a direction. A selector that is left out selects every pod. */
export function policiesOn(
  workload: Workload,
  direction: Direction,
  policies: readonly Resource<NetworkPolicy>[],
): readonly Resource<NetworkPolicy>[] {
  const labels = workload.template.metadata?.labels ?? {};
  const index = indexOf(resourcesNear(policies, workload.resource.object));
  return [ANY, ...Object.entries(labels).map(([key, value]) => `${key}=${value}`)]
    .flatMap((pair) => index.get(pair) ?? [])
    .filter(
      ({ object }) =>
        sameNamespace(object, workload.resource.object) &&
        matchesSelector(object.spec?.podSelector ?? {}, labels) &&
        directionsOf(object).includes(direction),
    );
}

/** Where policies lie that no label leads to: an empty selector, or expressions only. */
const ANY = '';

/** Each policy under one pair of its matchLabels, so that a workload looks only at those that can select it. */
const indexOf = memoizeByArray(
  (policies: readonly Resource<NetworkPolicy>[]): ReadonlyMap<string, readonly Resource<NetworkPolicy>[]> =>
    Map.groupBy(policies, ({ object }) => {
      const pair = Object.entries(object.spec?.podSelector?.matchLabels ?? {}).at(-1);
      return pair === undefined ? ANY : `${pair[0]}=${pair[1]}`;
    }),
);

/** Without `policyTypes` a policy always isolates ingress, and egress where it has an egress section. */
export function directionsOf({ spec }: NetworkPolicy): readonly string[] {
  if ((spec?.policyTypes ?? []).length > 0) return spec?.policyTypes ?? [];
  return (spec?.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

/** A rule without ports is about every port; a named port is taken for the number that its pods give it. */
export function ruleAllowsPort(
  rule: NetworkPolicyRule,
  number: number,
  protocol: string,
  resolve: (name: string) => number | undefined = () => undefined,
): boolean {
  const ports = rule.ports ?? [];
  if (ports.length === 0) return true;
  return ports.some(({ port, endPort, protocol: allowed = 'TCP' }) => {
    if (allowed !== protocol) return false;
    if (port === undefined) return true;
    const from = typeof port === 'string' ? resolve(port) : port;
    return from !== undefined && from <= number && number <= (endPort ?? from);
  });
}
