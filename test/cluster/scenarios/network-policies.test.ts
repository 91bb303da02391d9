import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES } from '../images/basic-images.ts';
import { enforcePolicies, type PolicyEnforcement } from '../node/enforce-policies.ts';
import { useCluster } from '../use-cluster.ts';
import { createProject, prepareCluster, raise, type Stage } from './stage.ts';

const cluster = useCluster();

/** Addresses that the node takes on, where nothing listens: who reaches them is refused by them, and not by a policy. */
const METADATA = '169.254.169.254';
const PROVIDER = '203.0.113.10';
const REACHED = 'reached';
const BLOCKED = 'blocked';

describe.skipIf(cluster?.facts.tier !== 'node')('the NetworkPolicies that init writes, enforced', () => {
  if (cluster === undefined) return;
  let stage: Stage;
  let enforcement: PolicyEnforcement | undefined;
  const strangers = 'policies-strangers';

  beforeAll(async () => {
    await prepareCluster(cluster);
    for (const address of [METADATA, PROVIDER])
      await cluster.inside('ip', 'address', 'add', `${address}/32`, 'dev', 'lo');
    stage = await raise(cluster, await createProject('story-policies', 'policies.example.test'));
    await stage.ready();
    await raiseStrangers();
  }, 900_000);
  afterAll(async () => {
    await enforcement?.stop();
    for (const address of [METADATA, PROVIDER])
      await cluster.inside('ip', 'address', 'del', `${address}/32`, 'dev', 'lo');
    await cluster.kubectl('delete', 'namespace', strangers, '--wait=false');
    await cluster.kubectl('delete', 'pod', 'edge', '--namespace=traefik', '--wait=false');
    await stage?.leave();
  });

  it('are needed: without them everybody reaches everything', async () => {
    expect(await matrix()).toEqual({
      'the edge to the service': REACHED,
      'the edge to the database': REACHED,
      'a stranger to the service': REACHED,
      'a stranger to the database': REACHED,
      'the backup to the database': REACHED,
      'a neighbour to the database': REACHED,
      'the service to the database': REACHED,
      'the service to the provider': REACHED,
      'the service to the metadata of the cloud': REACHED,
      'the database to the provider': REACHED,
    });
  });

  it('let through what must get through, and nothing else', async () => {
    enforcement = await enforcePolicies(cluster);
    expect(await matrix()).toEqual({
      'the edge to the service': REACHED,
      'the edge to the database': BLOCKED,
      'a stranger to the service': BLOCKED,
      'a stranger to the database': BLOCKED,
      'the backup to the database': REACHED,
      'a neighbour to the database': BLOCKED,
      'the service to the database': REACHED,
      'the service to the provider': REACHED,
      'the service to the metadata of the cloud': BLOCKED,
      'the database to the provider': BLOCKED,
    });
  });

  it('leave the service ready, with the database under its name', async () => {
    await stage.kubectl('rollout', 'restart', 'deployment/qna');
    await stage.until('new pods run', async () => {
      await enforcement?.refresh();
      const { updatedReplicas, availableReplicas, replicas } = JSON.parse(
        await stage.read('deployments/qna', 'status'),
      );
      return updatedReplicas === 2 && availableReplicas === 2 && replicas === 2;
    });
    expect(await stage.read('endpointslices', 'endpoints/conditions/ready')).toContain('true true');
  });

  /** Who reaches whom, by trying. */
  async function matrix(): Promise<Readonly<Record<string, string>>> {
    const service = await addressOf('app.kubernetes.io/instance=qna');
    const database = await addressOf('app.kubernetes.io/instance=qna-postgres');
    const [qna = ''] = (await stage.read('pods?labelSelector=app.kubernetes.io/instance=qna', 'metadata/name')).split(
      ' ',
    );
    const fromService = (host: string, port: number) =>
      stage.kubectl('exec', qna, '--', 'node', '-e', connectScript(host, port));
    const fromDatabase = (host: string, port: number) =>
      stage.kubectl('exec', 'qna-postgres-0', '-c', 'postgres', '--', 'bash', '-c', bashScript(host, port));
    const from = (pod: string, namespace: string) => (host: string, port: number) =>
      cluster?.kubectl('exec', pod, `--namespace=${namespace}`, '--', 'sh', '-c', busyboxScript(host, port)) ??
      Promise.reject();
    const edge = from('edge', 'traefik');
    const stranger = from('stranger', strangers);
    return {
      'the edge to the service': await edge(service, 8080),
      'the edge to the database': await edge(database, 5432),
      'a stranger to the service': await stranger(service, 8080),
      'a stranger to the database': await stranger(database, 5432),
      'the backup to the database': await from('backup', stage.namespace)(database, 5432),
      'a neighbour to the database': await from('neighbour', stage.namespace)(database, 5432),
      'the service to the database': await fromService('qna-postgres', 5432),
      'the service to the provider': await fromService(PROVIDER, 443),
      'the service to the metadata of the cloud': await fromService(METADATA, 80),
      'the database to the provider': await fromDatabase(PROVIDER, 443),
    };
  }

  async function addressOf(labels: string): Promise<string> {
    const [first = ''] = (await stage.read(`pods?labelSelector=${labels}`, 'status/podIP')).split(' ');
    return first;
  }

  /** Pods in the namespace of the edge, in one that nobody knows, and beside the service: one of the backup, and another. */
  async function raiseStrangers(): Promise<void> {
    const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const pods = [
      idler('stranger', strangers),
      idler('edge', 'traefik'),
      idler('backup', stage.namespace, { 'app.kubernetes.io/instance': 'qna-backup' }),
      idler('neighbour', stage.namespace),
    ];
    const items = [namespace(strangers), namespace('traefik'), ...pods];
    await cluster?.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    for (const { metadata } of pods)
      await cluster?.kubectl(
        ...[
          'wait',
          '--for=condition=Ready',
          `pod/${metadata.name}`,
          `--namespace=${metadata.namespace}`,
          '--timeout=60s',
        ],
      );
  }
});

function idler(name: string, namespace: string, labels: Readonly<Record<string, string>> = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'c',
          image: IMAGES.busybox,
          command: ['sleep', '3600'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}

/** A refusal by the address itself has reached it; one by a policy comes as "prohibited" or as "no route". */
function connectScript(host: string, port: number): string {
  return `const s = require('node:net').connect({ host: '${host}', port: ${port}, timeout: 3000 });
    const tell = (word) => { process.stdout.write(word); process.exit(); };
    s.once('connect', () => tell('${REACHED}')).once('timeout', () => tell('${BLOCKED}'))
     .once('error', ({ code }) => tell(code === 'ECONNREFUSED' ? '${REACHED}' : '${BLOCKED}'));`;
}

function bashScript(host: string, port: number): string {
  return `said=$( (timeout 3 bash -c 'exec 3<>/dev/tcp/${host}/${port}') 2>&1 ) && printf ${REACHED} || case "$said" in *refused*) printf ${REACHED};; *) printf ${BLOCKED};; esac`;
}

function busyboxScript(host: string, port: number): string {
  return `said=$(nc -w 3 ${host} ${port} </dev/null 2>&1) && printf ${REACHED} || case "$said" in *refused*) printf ${REACHED};; *) printf ${BLOCKED};; esac`;
}
