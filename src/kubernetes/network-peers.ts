import type { LabelSelector, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyRule } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { matchesSelector, sameNamespace } from './label-selector.ts';
import { type Direction, policiesOn, ruleAllowsPort } from './network-policies.ts';
import { containersOf, type Workload } from './workload.ts';

/** Whether policies let a connection through; `perhaps` where it depends on what no object here says. */
export interface Passage {
  readonly passes: 'yes' | 'no' | 'perhaps';
  /** The policies that isolate that end, none of which has a rule for the connection. */
  readonly isolating: readonly Resource<NetworkPolicy>[];
}

/**
 * Whether the policies on one end let it speak with the other on a TCP port: of the client for `Egress`, of the server for
 * `Ingress`. Pods that no policy isolates in the direction speak with everybody; else one rule of one policy must allow it.
 * See https://kubernetes.io/docs/concepts/services-networking/network-policies/.
 */
export function passage(
  direction: Direction,
  client: Workload,
  server: Workload,
  port: number,
  policies: readonly Resource<NetworkPolicy>[],
): Passage {
  const [own, peer] = direction === 'Egress' ? [client, server] : [server, client];
  const isolating = policiesOn(own, direction, policies);
  if (isolating.length === 0) return { passes: 'yes', isolating };
  // A named port is one of the pods that are connected to, whichever end the policy is on.
  const resolve = (name: string) =>
    containersOf(server)
      .flatMap(({ container }) => container.ports ?? [])
      .find((declared) => declared.name === name)?.containerPort;
  const answers = isolating.flatMap((policy) =>
    (rulesOf(policy.object, direction) ?? [])
      .filter((rule) => ruleAllowsPort(rule, port, 'TCP', resolve))
      .map((rule) => admits(rule, direction, peer, policy.object)),
  );
  return { passes: best(answers), isolating };
}

function rulesOf({ spec }: NetworkPolicy, direction: Direction): readonly NetworkPolicyRule[] | undefined {
  return direction === 'Egress' ? spec?.egress : spec?.ingress;
}

function admits(rule: NetworkPolicyRule, direction: Direction, peer: Workload, policy: NetworkPolicy) {
  const peers = (direction === 'Egress' ? rule.to : rule.from) ?? [];
  return peers.length === 0 ? 'yes' : best(peers.map((candidate) => isPeer(candidate, peer, policy)));
}

function isPeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  { resource, template }: Workload,
  policy: NetworkPolicy,
): Passage['passes'] {
  // Whether a range holds the address of a pod, or sees it at all, is up to the network.
  if (ipBlock != null) return 'perhaps';
  if (podSelector != null && !matchesSelector(podSelector, template.metadata?.labels)) return 'no';
  if (namespaceSelector == null) return sameNamespace(resource.object, policy) ? 'yes' : 'no';
  return selectsNamespace(namespaceSelector, resource.object.metadata?.namespace);
}

/** The label with its own name is on every namespace; others are not known here. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

function selectsNamespace(selector: LabelSelector, namespace: string | undefined): Passage['passes'] {
  const keys = [...Object.keys(selector.matchLabels ?? {}), ...(selector.matchExpressions ?? []).map(({ key }) => key)];
  if (keys.length === 0) return 'yes';
  if (namespace === undefined || keys.some((key) => key !== NAME_LABEL)) return 'perhaps';
  return matchesSelector(selector, { [NAME_LABEL]: namespace }) ? 'yes' : 'no';
}

function best(answers: readonly Passage['passes'][]): Passage['passes'] {
  return answers.includes('yes') ? 'yes' : answers.includes('perhaps') ? 'perhaps' : 'no';
}
