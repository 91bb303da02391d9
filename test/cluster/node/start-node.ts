import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { containerdBinaries, coreDnsBinary, kubernetesBinary, pauseBinary } from '../binaries.ts';
import { createAuthority } from '../certificates.ts';
import type { ClusterFacts, RunningCluster } from '../cluster-facts.ts';
import type { Site } from '../components.ts';
import { accessFacts, type StartOptions, startComponents } from '../control-plane.ts';
import { freePorts } from '../free-ports.ts';
import { BUSYBOX, IMAGES, publishBasicImages } from '../images/basic-images.ts';
import { kubeconfig } from '../kubeconfig.ts';
import { DEFAULT_KUBERNETES } from '../kubernetes-versions.ts';
import { createProcesses } from '../processes.ts';
import { removeAbandonedRuns, removeRun } from '../remove-run.ts';
import { createRun, saveFacts } from '../run.ts';
import { runKubectl } from '../run-kubectl.ts';
import { containerdSocket, REGISTRY_PORT, startContainerd } from './containerd.ts';
import { createControlGroup } from './control-group.ts';
import { coreDnsFlags } from './core-dns.ts';
import { kubeProxyFlags } from './kube-proxy.ts';
import { kubeletFlags, NODE_NAME, type NodeComponent } from './kubelet.ts';
import { recordMachineState } from './machine-state.ts';
import { createNetworkNamespace, NODE_ADDRESS } from './network-namespace.ts';
import { storageManifests } from './storage.ts';

const API_PORT = 6443;
const RELAY = fileURLToPath(new URL('./relay-process.ts', import.meta.url));
const REGISTRY = fileURLToPath(new URL('../images/registry-process.ts', import.meta.url));

/** Starts a control plane and one node in a network namespace of their own, and waits until pods can run. */
export async function startNode({
  kubernetes = DEFAULT_KUBERNETES,
  kind = 'tests',
}: StartOptions = {}): Promise<RunningCluster> {
  const binary = await kubernetesBinary(kubernetes);
  const [containerd, coreDns, pause] = [await containerdBinaries(), await coreDnsBinary(), await pauseBinary()];
  await removeAbandonedRuns();
  const run = createRun(kind);
  try {
    recordMachineState(run);
    const network = createNetworkNamespace(run);
    const processes = createProcesses(run);
    const authority = createAuthority(run.folder);
    const inside = [...network.enter, binary];
    const relaySocket = join(run.folder, 'relay.sock');
    const imageStore = join(run.folder, 'images');
    const [port = 0] = await freePorts(1);
    const facts: ClusterFacts = {
      ...accessFacts(authority, run.folder),
      tier: 'node',
      kubernetes,
      server: `https://127.0.0.1:${port}`,
      kubectl: [binary, 'kubectl'],
      node: {
        enter: network.enter,
        kubeconfig: join(run.folder, 'components.kubeconfig'),
        address: NODE_ADDRESS,
        relaySocket,
        imageStore,
        images: IMAGES,
      },
    };
    const api = { server: `https://${NODE_ADDRESS}:${API_PORT}`, ca: facts.ca };
    const site: Site = {
      folder: run.folder,
      authority,
      address: NODE_ADDRESS,
      ports: { etcd: 2379, peer: 2380, api: API_PORT },
      kubeconfig: join(run.folder, 'components.kubeconfig'),
      hasNode: true,
    };
    const admin = { token: facts.tokens.admin ?? '' };
    writeFileSync(site.kubeconfig, kubeconfig(api, admin), { mode: 0o600 });
    writeFileSync(facts.adminKubeconfig, kubeconfig(facts, admin), { mode: 0o600 });

    publishBasicImages(imageStore, pause);
    processes.start('registry', [
      ...network.enter,
      process.execPath,
      REGISTRY,
      imageStore,
      NODE_ADDRESS,
      `${REGISTRY_PORT}`,
    ]);
    const relay = [process.execPath, RELAY];
    processes.start('inner-relay', [...network.enter, ...relay, 'inner', relaySocket]);
    processes.start('outer-relay', [...relay, 'outer', relaySocket, NODE_ADDRESS, String(API_PORT), String(port)]);
    await Promise.all([
      startContainerd(run, processes, network, containerd),
      startComponents(processes, inside, site, facts),
    ]);

    const component: NodeComponent = { run, authority, api };
    const group = createControlGroup(run);
    processes.start('kubelet', [...inside, ...kubeletFlags(component, containerdSocket(run), group)]);
    processes.start('kube-proxy', [...inside, ...kubeProxyFlags(component)]);
    processes.start('coredns', [...network.enter, coreDns, ...coreDnsFlags(component)]);
    const storage = join(run.folder, 'storage.json');
    writeFileSync(storage, storageManifests(run.folder));
    await runKubectl(facts, ['apply', '-f', storage]);
    const readyCondition = '{.status.conditions[?(@.type=="Ready")].status}';
    await processes.until(
      'the node is ready',
      async () => (await runKubectl(facts, ['get', 'node', NODE_NAME, '-o', `jsonpath=${readyCondition}`])) === 'True',
      60_000,
      'kubelet',
      'containerd',
    );
    const lookUp = [...network.enter, BUSYBOX, 'nslookup', 'kubernetes.default.svc.cluster.local', NODE_ADDRESS];
    await processes.until('names are answered', () => succeeds(lookUp), 30_000, 'coredns');
    saveFacts(run, facts);
    return { ...facts, stop: () => removeRun(run) };
  } catch (error) {
    await removeRun(run);
    throw error;
  }
}

async function succeeds([program = '', ...args]: readonly string[]): Promise<boolean> {
  await promisify(execFile)(program, args, { timeout: 5000 });
  return true;
}
