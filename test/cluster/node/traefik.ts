import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { traefikBinaries } from '../binaries.ts';
import type { ClusterFacts, NodeFacts } from '../cluster-facts.ts';
import { BUSYBOX } from '../images/basic-images.ts';
import { run as runCommand } from '../images/run-command.ts';
import { createProcesses } from '../processes.ts';
import { processesOf, runOf } from '../run.ts';
import { runKubectl } from '../run-kubectl.ts';

const PING_PORT = 8099;

/**
 * Starts the edge of a running cluster: Traefik on the node's ports 80 and 443 for Ingress and Gateway, with the classes
 * named `traefik`. Starting it again does nothing.
 */
export async function startEdge(facts: ClusterFacts, { enter, address, kubeconfig }: NodeFacts): Promise<void> {
  const run = runOf(facts);
  if (processesOf(run).some(({ name }) => name === 'traefik')) return;
  const binaries = await traefikBinaries();
  const definitions = join(binaries, 'gateway-api');
  const files = readdirSync(definitions).filter((name) => name.startsWith('gateway.networking.k8s.io'));
  await runKubectl(facts, ['apply', '--server-side', ...files.flatMap((name) => ['-f', join(definitions, name)])]);
  await runKubectl(facts, ['wait', '--for=condition=Established', 'crd/gateways.gateway.networking.k8s.io']);
  const classes = join(run.folder, 'edge-classes.json');
  writeFileSync(classes, JSON.stringify(CLASSES));
  await runKubectl(facts, ['apply', '-f', classes]);
  const processes = createProcesses(run);
  processes.start('traefik', [...enter, join(binaries, 'traefik'), ...flags(address)], {
    env: { KUBECONFIG: kubeconfig },
  });
  const [program = '', ...into] = enter;
  const ping = async () =>
    (await runCommand(program, [...into, BUSYBOX, 'wget', '-qO-', `http://127.0.0.1:${PING_PORT}/ping`])) === 'OK';
  await processes.until('the edge answers', ping, 60_000, 'traefik');
}

function flags(address: string): readonly string[] {
  return [
    '--global.checknewversion=false',
    '--global.sendanonymoususage=false',
    `--entrypoints.web.address=${address}:80`,
    `--entrypoints.websecure.address=${address}:443`,
    '--entrypoints.websecure.http.tls=true',
    `--entrypoints.traefik.address=127.0.0.1:${PING_PORT}`,
    '--ping=true',
    '--providers.kubernetesingress=true',
    `--providers.kubernetesingress.ingressendpoint.ip=${address}`,
    '--providers.kubernetesgateway=true',
    `--providers.kubernetesgateway.statusaddress.ip=${address}`,
  ];
}

const CLASSES = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'traefik' },
      spec: { controller: 'traefik.io/ingress-controller' },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'traefik' },
      spec: { controllerName: 'traefik.io/gateway-controller' },
    },
  ],
};
