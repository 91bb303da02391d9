import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Container, KubernetesObject, Pod } from '../../src/core/objects.ts';
import type { PodHealth, PodMetrics } from '../../src/core/pod-endpoint-facts.ts';
import { observeThrough, refuse } from './observe-through.ts';

const PROXY = '/api/v1/namespaces/prod/pods';
const PAGE = '# HELP up Up.\n# TYPE up gauge\nup 1\n';

describe('the health of pods', () => {
  it('is asked of each pod, at the paths, ports and schemes of its own probes', async () => {
    const { health, requests } = await observeHealth([pod('qna-0'), pod('qna-1')], (_, response) => response.end('ok'));
    expect(requests.toSorted()).toEqual(
      ['qna-0', 'qna-1']
        .flatMap((name) => [
          `GET ${PROXY}/${name}:8080/proxy/health/live`,
          `GET ${PROXY}/https:${name}:8443/proxy/ready?deep=1`,
        ])
        .toSorted(),
    );
    expect(health[0]).toMatchObject({
      pod: 'Pod prod/qna-0',
      container: 'api',
      probes: ['liveness', 'startup'],
      timeoutMs: 1000,
      answer: { seen: true, value: { request: 'GET http://prod/qna-0:8080/health/live', status: 200, body: 'ok' } },
      unreachable: false,
    });
    expect(health[1]).toMatchObject({ probes: ['readiness'], timeoutMs: 3000, headersLeftOut: ['X-Probe'] });
  });

  it('tells what the pod answers, its own 503 included, and nothing that is secret', async () => {
    const { health } = await observeHealth([pod('qna-0')], (_, response) =>
      response
        .writeHead(503, { 'content-type': 'application/json' })
        .end('{"database":"postgres://qna:hunter22@db/qna"}'),
    );
    expect(health[0]?.answer).toMatchObject({ seen: true, value: { status: 503 } });
    expect(JSON.stringify(health)).not.toContain('hunter22');
  });

  it('is not seen where the API server does not reach the pod', async () => {
    const { health, requests } = await observeHealth([pod('qna-0', { probes: same })], (_, response) =>
      refuse(response, 503, 'ServiceUnavailable', 'error trying to reach service: dial tcp 10.0.0.7:8080: i/o timeout'),
    );
    expect(health.map(({ unreachable, answer }) => [unreachable, answer])).toEqual(
      Array.from({ length: 2 }, () => [
        true,
        { seen: false, reason: 'error trying to reach service: dial tcp 10.0.0.7:8080: i/o timeout' },
      ]),
    );
    // One port that nobody reaches is not tried twice.
    expect(requests).toHaveLength(1);
  });

  it('is no fact where nobody may ask', async () => {
    const { snapshot } = await observeThrough(['podHealth'], { pods: [pod('qna-0')] }, (_, response) =>
      refuse(response, 403, 'Forbidden', 'pods "qna-0:8080" is forbidden: User "x" cannot get resource "pods/proxy"'),
    );
    expect(snapshot.facts.podHealth).toEqual({
      seen: false,
      reason: expect.stringContaining('cannot get resource "pods/proxy"'),
    });
  });

  it('leaves out a pod that has gone, is going, or does not run', async () => {
    const going: Pod = { ...pod('qna-1'), metadata: { name: 'qna-1', namespace: 'prod', deletionTimestamp: 'now' } };
    const waiting: Pod = { ...pod('qna-2'), status: { phase: 'Pending' } };
    const { health } = await observeHealth([pod('qna-0'), going, waiting], (_, response) =>
      refuse(response, 404, 'NotFound', 'pods "qna-0" not found', { name: 'qna-0', kind: 'pods' }),
    );
    expect(health).toEqual([]);
  });

  it('is not asked of probes that run a command or open a port', async () => {
    const probes = { livenessProbe: { exec: { command: ['true'] } }, readinessProbe: { tcpSocket: { port: 8080 } } };
    const { health, requests } = await observeHealth([pod('qna-0', { probes })], (_, response) => response.end());
    expect([health, requests]).toEqual([[], []]);
  });

  it.each(['/../../../../secrets', '/%2e%2e/%2E%2E/%2e%2e/secrets', '/..\\..\\..\\secrets'])(
    'does not let the probe path %s lead into the API server',
    async (path) => {
      const probes = { livenessProbe: { httpGet: { path, port: 8080 } } };
      const { health, requests } = await observeHealth([pod('qna-0', { probes })], (_, response) => response.end());
      expect(health[0]?.answer).toEqual({ seen: false, reason: expect.stringContaining('leads out of the pod') });
      expect(requests).toEqual([]);
    },
  );

  it('sends no header that a probe names', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const httpHeaders = [{ name: 'Impersonate-User', value: 'system:admin' }];
    const probes = { livenessProbe: { httpGet: { path: '/', port: 8080, httpHeaders } } };
    const { health } = await observeHealth([pod('qna-0', { probes })], ({ headers }, response) => {
      seen.push(headers);
      response.end();
    });
    expect(seen.flatMap(Object.keys).filter((name) => name.startsWith('impersonate'))).toEqual([]);
    expect(health[0]?.headersLeftOut).toEqual(['Impersonate-User']);
  });

  it('follows no redirect, and reads no more than the kubelet does', async () => {
    const { health, requests } = await observeHealth([pod('qna-0', { probes: same })], (request, response) =>
      request.url?.endsWith('/live')
        ? response.writeHead(302, { location: 'https://login.example.com/' }).end()
        : response.end('x'.repeat(100_000)),
    );
    const [live, ready] = health.map(({ answer }) => (answer.seen ? answer.value : undefined));
    expect(live).toMatchObject({ status: 302, headers: { location: 'https://login.example.com/' } });
    expect([ready?.truncated, ready?.body.length]).toEqual([true, 10 * 1024]);
    expect(requests).toHaveLength(2);
  });

  it('takes twenty pods for all replicas of one owner, and says so', async () => {
    const ownerReferences = [{ kind: 'ReplicaSet', name: 'qna-7d4b9', controller: true }];
    const pods = Array.from({ length: 25 }, (_, index) => {
      const replica = pod(`qna-${index}`, { probes: same });
      return { ...replica, metadata: { ...replica.metadata, ownerReferences } };
    });
    const { snapshot } = await observeThrough(['podHealth'], { pods }, (_, response) => response.end());
    const { podHealth } = snapshot.facts;
    expect(podHealth?.seen === true && [podHealth.value.length, podHealth.incomplete]).toEqual([
      40,
      '5 of the 25 pods of ReplicaSet prod/qna-7d4b9 were not asked',
    ]);
  });
});

describe('the metrics of pods', () => {
  const at = async (lists: Readonly<Record<string, readonly KubernetesObject[]>>, metricsPath?: string) => {
    const { pages, requests } = await observeMetrics(lists, (_, response) => response.end(PAGE), metricsPath);
    expect(pages.every(({ answer }) => answer.seen && answer.value.body === PAGE)).toBe(true);
    return [requests, pages.map(({ declaredBy }) => declaredBy)];
  };
  const monitor = (kind: string, spec: object) =>
    ({ kind, metadata: { name: 'qna', namespace: 'prod' }, spec }) as KubernetesObject;
  const selector = { matchLabels: { app: 'qna' } };

  it('are read where the annotations of the pod say', async () => {
    const annotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090', 'prometheus.io/path': '/m' };
    expect(await at({ pods: [pod('qna-0', { annotations })] })).toEqual([
      [`GET ${PROXY}/qna-0:9090/proxy/m`],
      ['prometheus.io/scrape'],
    ]);
  });

  it('are read where a ServiceMonitor says, through the port of the Service', async () => {
    const endpoints = [{ port: 'web', path: '/stats', scheme: 'https', params: { format: ['prometheus'] } }];
    expect(
      await at({
        pods: [pod('qna-0')],
        services: [service()],
        servicemonitors: [monitor('ServiceMonitor', { selector, endpoints })],
      }),
    ).toEqual([[`GET ${PROXY}/https:qna-0:8080/proxy/stats?format=prometheus`], ['ServiceMonitor prod/qna']]);
  });

  it('are read where a PodMonitor says', async () => {
    const podMetricsEndpoints = [{ port: 'secure' }];
    expect(
      await at({ pods: [pod('qna-0')], podmonitors: [monitor('PodMonitor', { selector, podMetricsEndpoints })] }),
    ).toEqual([[`GET ${PROXY}/qna-0:8443/proxy/metrics`], ['PodMonitor prod/qna']]);
  });

  it('are looked for at the configured path of the port that a probe asks, where nothing says more', async () => {
    expect(await at({ pods: [pod('qna-0', { probes: same })] }, '/my/metrics')).toEqual([
      [`GET ${PROXY}/qna-0:8080/proxy/my/metrics`],
      [undefined],
    ]);
  });

  it('are not asked for where Prometheus would send credentials', async () => {
    const podMetricsEndpoints = [{ port: 'http', basicAuth: {} }];
    const { pages, requests } = await observeMetrics(
      { pods: [pod('qna-0')], podmonitors: [monitor('PodMonitor', { selector, podMetricsEndpoints })] },
      (_, response) => response.end(PAGE),
    );
    expect(pages[0]?.answer).toEqual({ seen: false, reason: expect.stringContaining('with credentials') });
    expect(requests).toEqual([]);
  });

  it('are not seen by half where the page is too large', async () => {
    const { pages } = await observeMetrics({ pods: [pod('qna-0')] }, (_, response) =>
      response.end('#'.repeat(5 << 20)),
    );
    expect(pages[0]?.answer).toEqual({ seen: false, reason: 'the page is larger than 4 MiB' });
  });
});

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

async function observeHealth(pods: readonly Pod[], answer: Answer) {
  const { snapshot, requests } = await observeThrough(['podHealth'], { pods }, answer);
  const { podHealth } = snapshot.facts;
  if (podHealth?.seen !== true) throw new Error(podHealth?.reason);
  const health: readonly PodHealth[] = podHealth.value;
  return { health, requests: requests.filter((path) => path.includes('/proxy')) };
}

async function observeMetrics(
  lists: Readonly<Record<string, readonly KubernetesObject[]>>,
  answer: Answer,
  metricsPath = '/metrics',
) {
  const { snapshot, requests } = await observeThrough(['podMetrics'], lists, answer, { metricsPath });
  const { podMetrics } = snapshot.facts;
  if (podMetrics?.seen !== true) throw new Error(podMetrics?.reason);
  const pages: readonly PodMetrics[] = podMetrics.value;
  return { pages, requests: requests.filter((path) => path.includes('/proxy')) };
}

const PROBES: Partial<Container> = {
  livenessProbe: { httpGet: { path: '/health/live', port: 'http' }, timeoutSeconds: 2 },
  startupProbe: { httpGet: { path: 'health/live', port: 8080 } },
  readinessProbe: {
    httpGet: { path: '/ready?deep=1', port: 'secure', scheme: 'HTTPS', httpHeaders: [{ name: 'X-Probe', value: '1' }] },
    timeoutSeconds: 3,
  },
};

/** Two paths of one port. */
const same: Partial<Container> = {
  livenessProbe: { httpGet: { path: '/live', port: 8080 } },
  readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
};

function pod(
  name: string,
  {
    probes = PROBES,
    annotations = {},
  }: { readonly probes?: Partial<Container>; readonly annotations?: Readonly<Record<string, string>> } = {},
): Pod {
  const ports = [
    { name: 'http', containerPort: 8080 },
    { name: 'secure', containerPort: 8443 },
  ];
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'prod', labels: { app: 'qna' }, annotations },
    spec: { containers: [{ name: 'api', ports, ...probes }] },
    status: { phase: 'Running', containerStatuses: [{ name: 'api', state: { running: {} } }] },
  };
}

function service(): KubernetesObject {
  const spec = { selector: { app: 'qna' }, ports: [{ name: 'web', port: 80, targetPort: 'http' }] };
  return {
    kind: 'Service',
    metadata: { name: 'qna', namespace: 'prod', labels: { app: 'qna' } },
    spec,
  } as KubernetesObject;
}
