import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useCluster } from './use-cluster.ts';

const HOST = 'renewed.example.test';

const cluster = useCluster();

describe.skipIf(cluster?.facts.tier !== 'node')('cert-manager in the test cluster', () => {
  if (cluster === undefined) return;

  it("fills the Secret of an Ingress that names an issuer, signed by the cluster's own authority", async () => {
    await cluster.startCertManager();
    const namespace = await cluster.createNamespace();
    await cluster.apply(JSON.stringify(INGRESS), `--namespace=${namespace}`);
    const read = (object: string, path: string) =>
      cluster.kubectl('get', object, '-o', `jsonpath=${path}`, `--namespace=${namespace}`);
    const ready = '{.status.conditions[?(@.type=="Ready")].status}';
    await cluster.until(
      'the certificate is issued',
      namespace,
      async () => (await read('certificate/renewed', ready)) === 'True',
    );
    const text = Buffer.from(await read('secret/renewed', '{.data.tls\\.crt}'), 'base64').toString();
    const certificate = new X509Certificate(text);
    expect(certificate.checkHost(HOST)).toBe(HOST);
    expect(certificate.issuer).toContain('private authority');
  }, 600_000);
});

const INGRESS = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web', annotations: { 'cert-manager.io/cluster-issuer': 'private-ca' } },
  spec: {
    ingressClassName: 'traefik',
    tls: [{ hosts: [HOST], secretName: 'renewed' }],
    defaultBackend: { service: { name: 'web', port: { number: 80 } } },
  },
};
