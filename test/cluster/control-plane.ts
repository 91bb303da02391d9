import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesBinary } from './binaries.ts';
import { type Authority, createAuthority } from './certificates.ts';
import type { ClusterFacts, RunningCluster } from './cluster-facts.ts';
import { apiServerFlags, controllerManagerFlags, etcdFlags, type Site, schedulerFlags } from './components.ts';
import { freePorts } from './free-ports.ts';
import { kubeconfig } from './kubeconfig.ts';
import { DEFAULT_KUBERNETES, type KubernetesVersion } from './kubernetes-versions.ts';
import { createProcesses, type Processes } from './processes.ts';
import { removeAbandonedRuns, removeRun } from './remove-run.ts';
import { createRun, type RunKind, saveFacts } from './run.ts';
import { runKubectl } from './run-kubectl.ts';

export interface StartOptions {
  readonly kubernetes?: KubernetesVersion;
  readonly kind?: RunKind;
  /** The controllers that run beside the API server; all where absent. */
  readonly controllers?: readonly string[];
}

/** Users with a token from the start; only the admin may do anything. */
const USERS = ['admin', 'auditor', 'stranger'] as const;

/** Starts etcd, the API server, the controller manager and the scheduler on loopback, each on a free port. */
export async function startControlPlane({
  kubernetes = DEFAULT_KUBERNETES,
  kind = 'tests',
  controllers,
}: StartOptions = {}): Promise<RunningCluster> {
  const binary = await kubernetesBinary(kubernetes);
  await removeAbandonedRuns();
  const run = createRun(kind);
  try {
    const [etcd = 0, peer = 0, api = 0] = await freePorts(3);
    const authority = createAuthority(run.folder);
    const site: Site = {
      folder: run.folder,
      authority,
      address: '127.0.0.1',
      ports: { etcd, peer, api },
      kubeconfig: join(run.folder, 'admin.kubeconfig'),
      hasNode: false,
      controllers,
    };
    const facts: ClusterFacts = {
      ...accessFacts(authority, run.folder),
      tier: 'control-plane',
      kubernetes,
      server: `https://127.0.0.1:${api}`,
      kubectl: [binary, 'kubectl'],
      node: undefined,
    };
    writeFileSync(site.kubeconfig, kubeconfig(facts, { token: facts.tokens.admin ?? '' }), { mode: 0o600 });
    await startComponents(createProcesses(run), [binary], site, facts);
    saveFacts(run, facts);
    return { ...facts, stop: () => removeRun(run) };
  } catch (error) {
    await removeRun(run);
    throw error;
  }
}

/** Who may enter, and with what. */
export function accessFacts(
  authority: Authority,
  folder: string,
): Pick<ClusterFacts, 'ca' | 'adminKubeconfig' | 'folder' | 'tokens' | 'expired'> {
  return {
    ca: readFileSync(authority.certificate, 'utf8'),
    adminKubeconfig: join(folder, 'admin.kubeconfig'),
    folder,
    tokens: Object.fromEntries(USERS.map((user) => [user, randomBytes(16).toString('hex')])),
    expired: authority.issue('expired', { subject: '/CN=admin/O=system:masters', usage: 'clientAuth', days: 0 }),
  };
}

/** Starts the four components in their order and waits until the cluster takes objects. */
export async function startComponents(
  processes: Processes,
  binary: readonly string[],
  site: Site,
  facts: ClusterFacts,
): Promise<void> {
  processes.start('etcd', [...binary, ...etcdFlags(site)]);
  processes.start('kube-apiserver', [...binary, ...apiServerFlags(site, facts.tokens)]);
  const ready = async () => (await runKubectl(facts, ['get', '--raw', '/readyz'], 5000)) === 'ok';
  await processes.until('the API server is ready', ready, 90_000, 'etcd', 'kube-apiserver');
  // Both exit when the API server is not ready for them.
  processes.start('kube-controller-manager', [...binary, ...controllerManagerFlags(site)]);
  processes.start('kube-scheduler', [...binary, ...schedulerFlags(site)]);
  const hasAccount = async () => (await runKubectl(facts, ['get', 'serviceaccount', 'default'], 5000)) !== '';
  await processes.until('the default service account exists', hasAccount, 60_000, 'kube-controller-manager');
}
