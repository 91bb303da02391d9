/** The parts of objects that decide what traffic a NetworkPolicy lets through. */
export interface PolicyObject {
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly Port[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
  };
}

export interface PodObject {
  readonly metadata: { readonly namespace: string; readonly labels?: Labels };
  readonly spec: {
    readonly hostNetwork?: boolean;
    readonly containers: readonly {
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
    }[];
  };
  readonly status: { readonly podIP?: string };
}

export interface NamespaceObject {
  readonly metadata: { readonly name: string; readonly labels?: Labels };
}

type Labels = Readonly<Record<string, string>>;

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Port {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

export interface ClusterState {
  readonly policies: readonly PolicyObject[];
  readonly pods: readonly PodObject[];
  readonly namespaces: readonly NamespaceObject[];
}

export const POLICY_CHAIN = 'QNA-POLICIES';
/** A bit that kube-proxy leaves alone. */
const ALLOWED = '0x1000/0x1000';

/**
 * The rules of iptables, for `iptables-restore --noflush`, that hold every pod to the NetworkPolicies that select it. A packet
 * must be let out by those of its sender and in by those of its receiver; answers pass by themselves. What is refused is told
 * to the sender, so that a test need not wait. Written from the API's description alone, and from nothing of the product.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function policyRules({ policies, pods, namespaces }: ClusterState): string {
  const addressed = pods.filter(({ spec, status }) => spec.hostNetwork !== true && status.podIP !== undefined);
  const chains: string[] = [POLICY_CHAIN];
  const rules: string[] = [`-A ${POLICY_CHAIN} -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN`];
  for (const [index, pod] of addressed.entries()) {
    const own = policies.filter(
      ({ metadata, spec }) =>
        metadata.namespace === pod.metadata.namespace && selects(spec.podSelector, pod.metadata.labels),
    );
    for (const direction of ['egress', 'ingress'] as const) {
      const deciding = own.filter(({ spec }) => typesOf(spec).has(direction));
      if (deciding.length === 0) continue;
      const chain = `QNA-${direction === 'egress' ? 'E' : 'I'}${index}`;
      chains.push(chain);
      rules.push(`-A ${POLICY_CHAIN} ${direction === 'egress' ? '-s' : '-d'} ${pod.status.podIP} -j ${chain}`);
      rules.push(`-A ${chain} -j MARK --set-xmark 0x0/0x1000`);
      for (const { metadata, spec } of deciding)
        for (const rule of rulesOf(spec, direction))
          for (const { match, except } of peersOf(rule.peers, metadata.namespace, direction))
            for (const ports of portsOf(rule.ports, direction === 'ingress' ? [pod] : addressed)) {
              const target = except.length === 0 ? undefined : `${chain}-${chains.length}`;
              rules.push(
                `-A ${chain} ${[match, ports, '-j', target ?? `MARK --set-xmark ${ALLOWED}`].filter(Boolean).join(' ')}`,
              );
              if (target === undefined) continue;
              chains.push(target);
              for (const cidr of except)
                rules.push(`-A ${target} ${direction === 'egress' ? '-d' : '-s'} ${cidr} -j RETURN`);
              rules.push(`-A ${target} -j MARK --set-xmark ${ALLOWED}`);
            }
      rules.push(`-A ${chain} -m mark ! --mark ${ALLOWED} -j REJECT --reject-with icmp-admin-prohibited`);
    }
  }
  return ['*filter', ...chains.map((chain) => `:${chain} - [0:0]`), ...rules, 'COMMIT', ''].join('\n');

  /** What one peer adds to a rule, and the addresses within it that are not meant. No peer at all is everybody. */
  function peersOf(peers: readonly Peer[] | undefined, namespace: string, direction: 'egress' | 'ingress') {
    const side = direction === 'egress' ? '-d' : '-s';
    if (peers === undefined || peers.length === 0) return [{ match: '', except: [] }];
    return peers.flatMap(({ ipBlock, podSelector, namespaceSelector }) => {
      // There is no IPv6 in the network of the node.
      if (ipBlock?.cidr.includes(':') === true) return [];
      if (ipBlock !== undefined) return [{ match: `${side} ${ipBlock.cidr}`, except: ipBlock.except ?? [] }];
      const inside = (name: string) =>
        namespaceSelector === undefined
          ? name === namespace
          : selects(namespaceSelector, {
              'kubernetes.io/metadata.name': name,
              ...namespaces.find(({ metadata }) => metadata.name === name)?.metadata.labels,
            });
      return addressed
        .filter(({ metadata }) => inside(metadata.namespace) && selects(podSelector ?? {}, metadata.labels))
        .map(({ status }) => ({ match: `${side} ${status.podIP}`, except: [] }));
    });
  }
}

function rulesOf(spec: PolicyObject['spec'], direction: 'egress' | 'ingress') {
  return direction === 'egress'
    ? (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }))
    : (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }));
}

/** A policy that names no types is for ingress, and for egress where it has rules for it. */
function typesOf({ policyTypes, egress }: PolicyObject['spec']): ReadonlySet<string> {
  return new Set(
    (policyTypes ?? ['Ingress', ...(egress === undefined ? [] : ['Egress'])]).map((type) => type.toLowerCase()),
  );
}

/** A name means the port that the receiver gives that name. */
function portsOf(ports: readonly Port[] | undefined, receivers: readonly PodObject[]): readonly string[] {
  if (ports === undefined || ports.length === 0) return [''];
  return ports.flatMap(({ protocol = 'TCP', port, endPort }) => {
    const kind = `-p ${protocol.toLowerCase()}`;
    if (port === undefined) return [kind];
    if (typeof port === 'number') return [`${kind} --dport ${endPort === undefined ? port : `${port}:${endPort}`}`];
    const named = receivers.flatMap(({ spec, status }) =>
      spec.containers.flatMap(({ ports: own = [] }) =>
        own
          .filter(({ name }) => name === port)
          .map(({ containerPort }) => `-d ${status.podIP} ${kind} --dport ${containerPort}`),
      ),
    );
    return [...new Set(named)];
  });
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels = {}): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      if (operator === 'In') return value !== undefined && values.includes(value);
      return value === undefined || !values.includes(value);
    })
  );
}
