import type { NetworkPolicy, NetworkPolicyRule } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { matchesSelector, sameNamespace } from './label-selector.ts';
import type { Workload } from './workload.ts';

export type Direction = 'Ingress' | 'Egress';

/** The policies that isolate a workload's pods in a direction. A selector that is left out selects every pod. */
export function policiesOn(
  workload: Workload,
  direction: Direction,
  policies: readonly Resource<NetworkPolicy>[],
): readonly Resource<NetworkPolicy>[] {
  return policies.filter(
    ({ object }) =>
      sameNamespace(object, workload.resource.object) &&
      matchesSelector(object.spec?.podSelector ?? {}, workload.template.metadata?.labels) &&
      directionsOf(object).includes(direction),
  );
}

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
