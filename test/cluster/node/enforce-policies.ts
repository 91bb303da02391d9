import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestCluster } from '../use-cluster.ts';
import { BRIDGE } from './network-namespace.ts';
import { type ClusterState, POLICY_CHAIN, policyRules } from './policy-rules.ts';

/** What enforces NetworkPolicies as they and the pods stand at a moment; the bridge between the pods enforces none. */
export interface PolicyEnforcement {
  /** Looks again: pods and policies that came since are held to it too. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export async function enforcePolicies(cluster: TestCluster): Promise<PolicyEnforcement> {
  const inside = (script: string) => cluster.inside('sh', '-c', script);
  const refresh = async () => {
    const state: ClusterState = {
      policies: await list(cluster, '/apis/networking.k8s.io/v1/networkpolicies'),
      pods: await list(cluster, '/api/v1/pods'),
      namespaces: await list(cluster, '/api/v1/namespaces'),
    };
    const file = join(cluster.facts.folder, 'policies.rules');
    writeFileSync(file, policyRules(state));
    await inside(`iptables -w -F ${POLICY_CHAIN} 2>/dev/null; iptables-restore -w --noflush ${file}`);
  };
  // Pods speak with each other within the bridge, past every rule, but for this setting of the kernel.
  const seesBridge = await inside('cat /proc/sys/net/bridge/bridge-nf-call-iptables');
  if (seesBridge.trim() !== '1')
    throw new Error('This kernel does not show the traffic of a bridge to the rules of the node.');
  await refresh();
  await inside(
    ['FORWARD', 'INPUT'].map((hook) => `iptables -w -I ${hook} -i ${BRIDGE} -j ${POLICY_CHAIN}`).join(' && '),
  );
  return {
    refresh,
    async stop() {
      await inside(
        ['FORWARD', 'INPUT'].map((hook) => `iptables -w -D ${hook} -i ${BRIDGE} -j ${POLICY_CHAIN}`).join('; '),
      );
    },
  };
}

async function list<T>(cluster: TestCluster, path: string): Promise<readonly T[]> {
  return ((await cluster.request('GET', path)).body as { readonly items: readonly T[] }).items;
}
