import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { IMAGES } from './images/basic-images.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

describe.skipIf(cluster?.facts.tier !== 'node')('the node of the test cluster', () => {
  if (cluster === undefined) return;

  it('runs a restricted pod, believes its probe, and leads its name to it', async () => {
    const namespace = await cluster.createNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    const { readinessProbe } = httpProbe('readinessProbe', '/ready');
    await cluster.apply(list(pod('web', SERVE, { readinessProbe }), service('web')), `--namespace=${namespace}`);
    await cluster.until('the pod runs', namespace, async () => (await phaseOf(namespace, 'web')) === 'Running');
    expect(await readyOf(namespace, 'web')).toBe('false');
    await exec(namespace, 'web', 'echo yes >/data/ready');
    await cluster.until('the pod is ready', namespace, async () => (await readyOf(namespace, 'web')) === 'true');

    expect(await cluster.kubectl('logs', 'web', `--namespace=${namespace}`)).toContain('serving');
    const { port, close } = await cluster.forward(await clusterIp(namespace, 'web'), 80);
    const answer = async () => (await request(`http://127.0.0.1:${port}/ready`, { reset: true })).body.text();
    try {
      await cluster.until('the service leads to the pod', namespace, async () => (await answer()) === 'yes\n');
    } finally {
      close();
    }
    expect(await exec(namespace, 'web', `wget -qO- http://web.${namespace}.svc.cluster.local/ready`)).toBe('yes\n');
  });

  it('restarts a container whose liveness probe fails', async () => {
    const namespace = await cluster.createNamespace();
    const { livenessProbe } = httpProbe('livenessProbe', '/missing');
    await cluster.apply(list(pod('sick', SERVE, { livenessProbe })), `--namespace=${namespace}`);
    const restarts = () => field(namespace, 'pod/sick', '{.status.containerStatuses[0].restartCount}');
    await cluster.until('the container was restarted', namespace, async () => Number(await restarts()) > 0);
    expect(await cluster.kubectl('get', 'events', `--namespace=${namespace}`)).toContain('Liveness probe failed');
  });

  it('keeps what is on a claim when the pod is replaced', async () => {
    const namespace = await cluster.createNamespace();
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    const volume = { name: 'data', persistentVolumeClaim: { claimName: 'data' } };
    await cluster.apply(list(claim, pod('first', SERVE, {}, volume)), `--namespace=${namespace}`);
    await cluster.until('the pod runs', namespace, async () => (await phaseOf(namespace, 'first')) === 'Running');
    await exec(namespace, 'first', 'echo answer >/data/kept');
    await cluster.kubectl('delete', 'pod', 'first', '--grace-period=1', `--namespace=${namespace}`);
    await cluster.apply(list(pod('second', SERVE, {}, volume)), `--namespace=${namespace}`);
    await cluster.until('the next runs', namespace, async () => (await phaseOf(namespace, 'second')) === 'Running');
    expect(await exec(namespace, 'second', 'cat /data/kept')).toBe('answer\n');
  });

  it('says that an image cannot be had', async () => {
    const namespace = await cluster.createNamespace();
    const wrong = { image: 'registry.example/nobody/nothing:1' };
    await cluster.apply(list(pod('nothing', SERVE, wrong)), `--namespace=${namespace}`);
    const reason = () => field(namespace, 'pod/nothing', '{.status.containerStatuses[0].state.waiting.reason}');
    await cluster.until('the pull has failed', namespace, async () => /ImagePull/.test(await reason()));
    expect(await cluster.kubectl('get', 'events', `--namespace=${namespace}`)).toContain('not found');
  });

  const field = (namespace: string, object: string, path: string) =>
    cluster.kubectl('get', object, '-o', `jsonpath=${path}`, `--namespace=${namespace}`);
  const phaseOf = (namespace: string, name: string) => field(namespace, `pod/${name}`, '{.status.phase}');
  const readyOf = (namespace: string, name: string) =>
    field(namespace, `pod/${name}`, '{.status.containerStatuses[0].ready}');
  const clusterIp = (namespace: string, name: string) => field(namespace, `service/${name}`, '{.spec.clusterIP}');
  const exec = (namespace: string, name: string, script: string) =>
    cluster.kubectl('exec', name, `--namespace=${namespace}`, '--', 'sh', '-c', script);
});

const SERVE = 'echo serving; exec httpd -f -p 8080 -h /data';

function pod(name: string, script: string, container: object, volume: object = { name: 'data', emptyDir: {} }) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        fsGroup: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      terminationGracePeriodSeconds: 1,
      volumes: [volume],
      containers: [
        {
          name: 'main',
          image: IMAGES.busybox,
          command: ['sh', '-c', script],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          ...container,
        },
      ],
    },
  };
}

function service(name: string) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
  };
}

function httpProbe<Kind extends string>(kind: Kind, path: string) {
  const probe = { httpGet: { path, port: 8080 }, periodSeconds: 1, failureThreshold: 2 };
  return { [kind]: probe } as Readonly<Record<Kind, typeof probe>>;
}

function list(...items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
