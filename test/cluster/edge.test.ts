import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { beforeAll, describe, expect, it } from 'vitest';
import { authorityIn } from './certificates.ts';
import { IMAGES } from './images/basic-images.ts';
import { useCluster } from './use-cluster.ts';

const HOST = 'qna.example.test';

const cluster = useCluster();

describe.skipIf(cluster?.facts.tier !== 'node')('the edge of the test cluster', () => {
  if (cluster === undefined) return;
  let namespace = '';

  beforeAll(async () => {
    await cluster.startEdge();
    namespace = await cluster.createNamespace();
    const pair = authorityIn(cluster.facts.folder).issue('edge', {
      subject: `/CN=${HOST}`,
      altNames: `DNS:${HOST}`,
      usage: 'serverAuth',
    });
    const files = [`--cert=${pair.certificate}`, `--key=${pair.key}`];
    await cluster.kubectl('create', 'secret', 'tls', 'edge', ...files, `--namespace=${namespace}`);
    await apply(POD, SERVICE);
  }, 900_000);

  it('serves an Ingress over TLS with the certificate of its Secret, and writes its address', async () => {
    await apply(INGRESS);
    await cluster.until('the Ingress has an address', namespace, async () => (await address('ingress/web')) !== '');
    expect(await address('ingress/web')).toBe(cluster.facts.node?.address);
    await cluster.until('the Ingress answers', namespace, async () => (await get('/ingress/index.html')) === 'hello\n');
  });

  it('serves a Gateway and its route over TLS', async () => {
    await apply(GATEWAY, ROUTE);
    await cluster.until('the Gateway answers', namespace, async () => (await get('/gateway/index.html')) === 'hello\n');
    const programmed = '{.status.conditions[?(@.type=="Programmed")].status}';
    expect(await field('gateway/web', programmed)).toBe('True');
  });

  const apply = (...items: readonly object[]) =>
    cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), `--namespace=${namespace}`);
  const field = (object: string, path: string) =>
    cluster.kubectl('get', object, '-o', `jsonpath=${path}`, `--namespace=${namespace}`);
  const address = (object: string) => field(object, '{.status.loadBalancer.ingress[0].ip}');

  async function get(path: string): Promise<string> {
    const { port, close } = await (cluster?.forward(cluster.facts.node?.address ?? '', 443) ?? Promise.reject());
    const ca = readFileSync(`${cluster?.facts.folder}/ca.crt`, 'utf8');
    const dispatcher = new Agent({ connect: { ca, servername: HOST } });
    try {
      const { body } = await request(`https://127.0.0.1:${port}${path}`, { dispatcher, headers: { host: HOST } });
      return await body.text();
    } finally {
      await dispatcher.destroy();
      close();
    }
  }
});

const SERVE =
  'for d in ingress gateway; do mkdir -p /www/$d; echo hello >/www/$d/index.html; done; exec httpd -f -h /www';

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'web', image: IMAGES.busybox, command: ['sh', '-c', SERVE] }],
  },
};

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
};

const INGRESS = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web' },
  spec: {
    ingressClassName: 'traefik',
    tls: [{ hosts: [HOST], secretName: 'edge' }],
    rules: [
      {
        host: HOST,
        http: {
          paths: [
            { path: '/ingress', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } },
          ],
        },
      },
    ],
  },
};

const GATEWAY = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'web' },
  spec: {
    gatewayClassName: 'traefik',
    listeners: [
      { name: 'https', protocol: 'HTTPS', port: 443, hostname: HOST, tls: { certificateRefs: [{ name: 'edge' }] } },
    ],
  },
};

const ROUTE = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'web' },
  spec: {
    parentRefs: [{ name: 'web' }],
    hostnames: [HOST],
    rules: [{ matches: [{ path: { value: '/gateway' } }], backendRefs: [{ name: 'web', port: 80 }] }],
  },
};
