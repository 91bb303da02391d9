import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsServerBinary } from '../binaries.ts';
import type { ClusterFacts, NodeFacts } from '../cluster-facts.ts';
import { createProcesses } from '../processes.ts';
import { processesOf, runOf } from '../run.ts';
import { runKubectl } from '../run-kubectl.ts';

const PORT = 4443;

/** Starts metrics-server, so that pods have a measured use and autoscalers work. Starting it again does nothing. */
export async function startMetrics(facts: ClusterFacts, { enter, address, kubeconfig }: NodeFacts): Promise<void> {
  const run = runOf(facts);
  if (processesOf(run).some(({ name }) => name === 'metrics-server')) return;
  const binary = await metricsServerBinary();
  const processes = createProcesses(run);
  processes.start('metrics-server', [...enter, binary, ...flags(run.folder, address, kubeconfig)]);
  const registration = join(run.folder, 'metrics-server.json');
  writeFileSync(registration, JSON.stringify(registrationAt(address)));
  await runKubectl(facts, ['apply', '-f', registration]);
  const measured = async () => {
    const path = '/apis/metrics.k8s.io/v1beta1/nodes';
    const { items } = JSON.parse(await runKubectl(facts, ['get', '--raw', path])) as {
      readonly items: readonly unknown[];
    };
    return items.length > 0;
  };
  await processes.until('the node is measured', measured, 90_000, 'metrics-server');
}

function flags(folder: string, address: string, access: string): readonly string[] {
  const kubeconfigs = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'];
  return [
    ...kubeconfigs.map((flag) => `--${flag}=${access}`),
    `--bind-address=${address}`,
    `--secure-port=${PORT}`,
    `--cert-dir=${join(folder, 'metrics-server')}`,
    // The kubelet's certificate is its own making.
    '--kubelet-insecure-tls',
    '--kubelet-preferred-address-types=InternalIP',
    '--metric-resolution=10s',
    '--kubelet-request-timeout=8s',
  ];
}

/** The API server asks for metrics through a Service without pods, which leads to the process on the node. */
function registrationAt(address: string): object {
  const metadata = { name: 'metrics-server', namespace: 'kube-system' };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { ports: [{ name: 'https', port: 443, targetPort: PORT }] },
      },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'metrics-server' } },
        addressType: 'IPv4',
        ports: [{ name: 'https', port: PORT }],
        endpoints: [{ addresses: [address] }],
      },
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1beta1.metrics.k8s.io' },
        spec: {
          group: 'metrics.k8s.io',
          version: 'v1beta1',
          groupPriorityMinimum: 100,
          versionPriority: 100,
          insecureSkipTLSVerify: true,
          service: { name: 'metrics-server', namespace: 'kube-system' },
        },
      },
    ],
  };
}
