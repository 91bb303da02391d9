import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certManagerBinaries } from '../binaries.ts';
import type { ClusterFacts, NodeFacts } from '../cluster-facts.ts';
import { createProcesses } from '../processes.ts';
import { processesOf, runOf } from '../run.ts';
import { runKubectl } from '../run-kubectl.ts';

/** The ClusterIssuer that signs with a private authority of the cluster. */
export const PRIVATE_ISSUER = 'private-ca';

/** Starts cert-manager's controllers and a private authority for them. Starting them again does nothing. */
export async function startCertManager(facts: ClusterFacts, { enter, kubeconfig }: NodeFacts): Promise<void> {
  const run = runOf(facts);
  if (processesOf(run).some(({ name }) => name === 'cert-manager')) return;
  const binaries = await certManagerBinaries();
  const definitions = join(binaries, 'crds');
  const files = readdirSync(definitions).filter((name) => name.endsWith('.yaml'));
  await runKubectl(facts, ['apply', '--server-side', ...files.flatMap((name) => ['-f', join(definitions, name)])]);
  const kinds = ['certificates', 'clusterissuers', 'certificaterequests'].map((kind) => `crd/${kind}.cert-manager.io`);
  await runKubectl(facts, ['wait', '--for=condition=Established', ...kinds]);
  const processes = createProcesses(run);
  processes.start('cert-manager', [...enter, join(binaries, 'cert-manager')], {
    env: { KUBECONFIG: kubeconfig },
  });
  const authority = join(run.folder, 'private-authority.json');
  writeFileSync(authority, JSON.stringify(AUTHORITY));
  await runKubectl(facts, ['apply', '-f', authority]);
  const ready = '{.status.conditions[?(@.type=="Ready")].status}';
  const signs = async () =>
    (await runKubectl(facts, ['get', 'clusterissuer', PRIVATE_ISSUER, '-o', `jsonpath=${ready}`])) === 'True';
  await processes.until('the private authority is ready', signs, 60_000, 'cert-manager');
}

const AUTHORITY = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cert-manager' } },
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'ClusterIssuer',
      metadata: { name: 'self-signed' },
      spec: { selfSigned: {} },
    },
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: PRIVATE_ISSUER, namespace: 'cert-manager' },
      spec: {
        isCA: true,
        commonName: 'qna-ready test, private authority',
        secretName: PRIVATE_ISSUER,
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        issuerRef: { name: 'self-signed', kind: 'ClusterIssuer' },
      },
    },
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'ClusterIssuer',
      metadata: { name: PRIVATE_ISSUER },
      spec: { ca: { secretName: PRIVATE_ISSUER } },
    },
  ],
};
