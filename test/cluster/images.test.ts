import { beforeAll, describe, expect, it } from 'vitest';
import { imageRequirements } from './node/requirements.ts';
import { firstMissing } from './requirements.ts';
import { useCluster } from './use-cluster.ts';

const POSTGRES = 'docker.io/library/postgres:18.6-bookworm';
const SERVICE = 'registry.example/qna/service:1.0.0';

const cluster = useCluster();
const able = cluster?.facts.tier === 'node' && firstMissing(imageRequirements()) === undefined;

describe.skipIf(!able)('the images of the test cluster', () => {
  if (cluster === undefined) return;

  beforeAll(async () => {
    await cluster.publishPostgres(POSTGRES);
    await cluster.publishService(SERVICE);
  }, 600_000);

  it('hold a database and the service, which find each other under the restricted standard', async () => {
    const namespace = await cluster.createNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    const kubectl = (...args: readonly string[]) => cluster.kubectl(`--namespace=${namespace}`, ...args);
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: OBJECTS }), `--namespace=${namespace}`);
    for (const pod of ['db', 'qna'])
      await cluster.until(
        `${pod} is ready`,
        namespace,
        async () =>
          (await kubectl('get', 'pod', pod, '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}')) ===
          'True',
        120_000,
      );
    const dump = await kubectl('exec', 'db', '--', 'pg_dump', '--username=qna', '--schema-only', 'answers');
    expect(dump).toContain('CREATE TABLE');
    expect(await kubectl('exec', 'qna', '--', 'id', '-u')).toBe('10001\n');
    const live = await kubectl('get', '--raw', `/api/v1/namespaces/${namespace}/pods/qna:8080/proxy/health/live`);
    expect(live).toContain('{');
  });
});

const SECURITY = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };

const OBJECTS = [
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, stringData: { password: 'only-for-this-test' } },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db' },
    spec: { selector: { app: 'db' }, ports: [{ port: 5432 }] },
  },
  pod('db', {
    image: POSTGRES,
    env: [
      { name: 'POSTGRES_USER', value: 'qna' },
      { name: 'POSTGRES_DB', value: 'answers' },
      { name: 'POSTGRES_PASSWORD_FILE', value: '/secret/password' },
    ],
    readinessProbe: { exec: { command: ['pg_isready', '--host=127.0.0.1'] }, periodSeconds: 1 },
    volumeMounts: [
      { name: 'data', mountPath: '/var/lib/postgresql' },
      { name: 'run', mountPath: '/var/run/postgresql' },
      { name: 'temporary', mountPath: '/tmp' },
      { name: 'secret', mountPath: '/secret' },
    ],
  }),
  pod('qna', {
    image: SERVICE,
    env: [
      { name: 'DATABASE_URL', value: 'postgres://qna:only-for-this-test@db:5432/answers' },
      { name: 'API_AUTH', value: 'off' },
    ],
    readinessProbe: { httpGet: { path: '/health/ready', port: 8080 }, periodSeconds: 1 },
  }),
];

function pod(name: string, container: object) {
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
      volumes: [
        { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
        { name: 'run', emptyDir: {} },
        { name: 'temporary', emptyDir: {} },
        { name: 'secret', secret: { secretName: 'db' } },
      ].slice(name === 'db' ? 0 : 4),
      containers: [{ name: 'main', imagePullPolicy: 'Always', securityContext: SECURITY, ...container }],
    },
  };
}
