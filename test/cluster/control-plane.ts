import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kubernetesBinary } from './binaries.ts';
import { type Authority, createAuthority, createTokenKeys } from './certificates.ts';
import { createProcesses, until } from './processes.ts';

/** What tests need to know of a cluster; plain data, so that it can cross into vitest's workers. */
export interface ClusterFacts {
  readonly tier: 'given' | 'control-plane';
  readonly server: string;
  /** The authority's certificate, in PEM. */
  readonly ca: string;
  readonly adminKubeconfig: string;
  readonly kubectl: readonly string[];
  readonly folder: string;
  /** Bearer tokens by user; only the admin may do anything from the start. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly expired: { readonly certificate: string; readonly key: string } | undefined;
}

export interface RunningCluster extends ClusterFacts {
  stop(): Promise<void>;
}

const USERS = ['admin', 'auditor', 'stranger'] as const;

/** Starts etcd, the API server, the controller manager and the scheduler on loopback, each on a free port. */
export async function startControlPlane(): Promise<RunningCluster> {
  const binary = await kubernetesBinary();
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-cluster-'));
  const processes = createProcesses(folder);
  try {
    const authority = createAuthority(folder);
    const ports = await freePorts(3);
    const server = `https://127.0.0.1:${ports[2]}`;
    const tokens = Object.fromEntries(USERS.map((user) => [user, `token-of-${user}-${process.pid}`]));
    const facts: ClusterFacts = {
      tier: 'control-plane',
      server,
      ca: readFileSync(authority.certificate, 'utf8'),
      adminKubeconfig: join(folder, 'admin.kubeconfig'),
      kubectl: [binary, 'kubectl'],
      folder,
      tokens,
      expired: authority.issue('expired', { subject: '/CN=admin/O=system:masters', usage: 'clientAuth', days: 0 }),
    };
    writeFileSync(facts.adminKubeconfig, kubeconfig(facts, { token: tokens.admin ?? '' }), { mode: 0o600 });
    startComponents(binary, folder, authority, ports, facts, processes);
    await until(
      'the API server is ready',
      () => isReady(facts),
      60_000,
      () => processes.logOf('kube-apiserver'),
    );
    for (const component of ['kube-controller-manager', 'kube-scheduler'])
      processes.start(component, binary, [component, ...componentFlags(component, folder, facts)]);
    await until(
      'the default service account exists',
      () => hasServiceAccount(facts),
      60_000,
      () => processes.logOf('kube-controller-manager'),
    );
    return { ...facts, stop };
  } catch (error) {
    await stop();
    throw error;
  }

  async function stop(): Promise<void> {
    await processes.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A kubeconfig for anyone, as a text. */
export function kubeconfig(
  { server, ca }: Pick<ClusterFacts, 'server' | 'ca'>,
  user: { readonly token: string } | { readonly certificate: string; readonly key: string },
  namespace = 'default',
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
    users: [
      {
        name: 'test',
        user: 'token' in user ? user : { 'client-certificate': user.certificate, 'client-key': user.key },
      },
    ],
  });
}

function startComponents(
  binary: string,
  folder: string,
  authority: Authority,
  [etcdPort = 0, peerPort = 0, apiPort = 0]: readonly number[],
  { tokens }: ClusterFacts,
  processes: ReturnType<typeof createProcesses>,
): void {
  const etcd = `http://127.0.0.1:${etcdPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  processes.start('etcd', binary, [
    'etcd',
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${etcd}`,
    `--advertise-client-urls=${etcd}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]);
  const keys = createTokenKeys(folder);
  const serving = authority.issue('serving', {
    subject: '/CN=kube-apiserver',
    altNames: 'IP:127.0.0.1,IP:10.0.0.1,DNS:localhost,DNS:kubernetes.default.svc',
    usage: 'serverAuth',
  });
  const tokenFile = join(folder, 'tokens.csv');
  const rows = Object.entries(tokens).map(
    ([user, token]) => `${token},${user},${user},"${user === 'admin' ? 'system:masters' : ''}"`,
  );
  writeFileSync(tokenFile, `${rows.join('\n')}\n`, { mode: 0o600 });
  processes.start('kube-apiserver', binary, [
    'kube-apiserver',
    `--etcd-servers=${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${apiPort}`,
    '--endpoint-reconciler-type=none',
    `--tls-cert-file=${serving.certificate}`,
    `--tls-private-key-file=${serving.key}`,
    `--client-ca-file=${authority.certificate}`,
    `--token-auth-file=${tokenFile}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${keys.publicKey}`,
    `--service-account-signing-key-file=${keys.privateKey}`,
    '--allow-privileged',
  ]);
}

function componentFlags(component: string, folder: string, { adminKubeconfig }: ClusterFacts): readonly string[] {
  const shared = [`--kubeconfig=${adminKubeconfig}`, '--leader-elect=false', '--secure-port=0'];
  if (component === 'kube-scheduler') return shared;
  return [
    ...shared,
    `--root-ca-file=${join(folder, 'ca.crt')}`,
    `--service-account-private-key-file=${join(folder, 'sa.key')}`,
    '--use-service-account-credentials',
  ];
}

async function isReady(facts: ClusterFacts): Promise<boolean> {
  return (await kubectl(facts, ['get', '--raw', '/readyz'])) === 'ok';
}

async function hasServiceAccount(facts: ClusterFacts): Promise<boolean> {
  await kubectl(facts, ['get', 'serviceaccount', 'default']);
  return true;
}

async function kubectl(
  { kubectl: [binary = '', ...args], adminKubeconfig }: ClusterFacts,
  rest: readonly string[],
): Promise<string> {
  const { stdout } = await promisify(execFile)(binary, [...args, ...rest, `--kubeconfig=${adminKubeconfig}`], {
    timeout: 10_000,
  });
  return stdout;
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
