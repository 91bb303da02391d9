import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { clusterSource } from '../../src/sources/cluster/cluster-source.ts';
import { DEPLOYMENT, SERVICE } from '../cli/manifests.ts';
import { type CliWorld, runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

describe.skipIf(cluster === undefined || cluster.facts.tier === 'given')('the ways to a cluster', () => {
  if (cluster === undefined) return;
  const { facts } = cluster;
  const port = new URL(facts.server).port;
  let namespace = '';
  let token = '';

  beforeAll(async () => {
    namespace = await cluster.createNamespace();
    await cluster.apply(`${DEPLOYMENT}---\n${SERVICE}`, `--namespace=${namespace}`);
    await cluster.kubectl('create', 'serviceaccount', 'auditor', `--namespace=${namespace}`);
    await cluster.kubectl(
      'create',
      'rolebinding',
      'auditor',
      '--clusterrole=admin',
      `--serviceaccount=${namespace}:auditor`,
      `--namespace=${namespace}`,
    );
    token = (await cluster.kubectl('create', 'token', 'auditor', `--namespace=${namespace}`)).trim();
  });

  it('is the service account of the pod where there is no kubeconfig', async () => {
    const folder = folderOf({ token, 'ca.crt': facts.ca, namespace });
    const source = clusterSource({
      namespaces: [],
      env: { HOME: '/nowhere', KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: port },
      serviceAccountFolder: folder,
    });
    const snapshot = await source.collect(new Set(['deployments']), new AbortController().signal);
    expect(snapshot.target).toBe(`context in-cluster, namespace ${namespace}`);
    expect(snapshot.facts.deployments).toMatchObject({ seen: true, value: [{ ref: `Deployment ${namespace}/qna` }] });
  });

  it.each(['token', 'tokenFile', 'oidc'] as const)('is a user with a %s', async (kind) => {
    const users = {
      token: { token },
      tokenFile: { 'auth-provider': { name: 'tokenFile', config: { tokenFile: join(folderOf({ token }), 'token') } } },
      // The token of a service account is one that an OpenID Connect issuer gave, as the provider sees it.
      oidc: { 'auth-provider': { name: 'oidc', config: { 'id-token': token } } },
    };
    await finds(kubeconfig({ user: users[kind] }));
  });

  describe('a credential plugin', () => {
    it('gives a token, and learns which cluster it is for', async () => {
      const folder = folderOf({ token });
      const command = plugin(
        folder,
        `printf '%s' "$KUBERNETES_EXEC_INFO" > ${folder}/info
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat ${folder}/token)"`,
      );
      await finds(
        kubeconfig({
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command,
              interactiveMode: 'Never',
              provideClusterInfo: true,
            },
          },
        }),
      );
      const info = JSON.parse(readFileSync(join(folder, 'info'), 'utf8')) as { spec: { cluster: { server: string } } };
      expect(info.spec.cluster.server).toBe(facts.server);
    });

    it.each([
      {
        fault: 'fails',
        script: 'echo "session expired, log in" >&2; exit 3',
        says: 'ended with code 3: session expired',
      },
      { fault: 'says nothing of use', script: 'echo hello', says: 'gave something else than JSON' },
      { fault: 'gives no credential', script: "echo '{}'", says: 'gave neither a token nor a certificate' },
      { fault: 'hangs', script: 'exec sleep 60', says: 'the deadline of 1 s for the whole run was over' },
    ])('that $fault is told in a sentence', async ({ script, says }) => {
      const command = plugin(folderOf({}), script);
      await refuses(kubeconfig({ user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command } } }), says);
    });

    it('that is not installed is told with its own hint', async () => {
      const exec = { command: '/nowhere/gke-login', installHint: 'Install it with: get gke-login' };
      await refuses(kubeconfig({ user: { exec } }), 'is not installed: Install it with: get gke-login');
    });
  });

  it('leads through the proxy that the kubeconfig names', async () => {
    const reached: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket, head) => {
      reached.push(request.url ?? '');
      const [host, to] = (request.url ?? '').split(':');
      const upstream = connect(Number(to), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const proxyPort = typeof address === 'object' ? address?.port : 0;
    try {
      await finds(kubeconfig({ user: { token }, cluster: { 'proxy-url': `http://127.0.0.1:${proxyPort}` } }));
      expect(reached.length).toBeGreaterThan(0);
      expect(new Set(reached)).toEqual(new Set([`127.0.0.1:${port}`]));
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  it('checks the certificate by the name that the kubeconfig gives', async () => {
    await finds(kubeconfig({ user: { token }, cluster: { 'tls-server-name': 'kubernetes' } }));
    await refuses(kubeconfig({ user: { token }, cluster: { 'tls-server-name': 'elsewhere' } }), 'for another name');
  });

  it('takes the first of several kubeconfigs that name the same, and its current context', async () => {
    const first = kubeconfig({ user: { token } });
    const second = kubeconfig({ user: { token: 'wrong' } });
    const { exitCode } = await audit([], { env: { KUBECONFIG: `${first}:${second}` } });
    expect(exitCode).toBe(1);
  });

  describe('several contexts in one run', () => {
    it('are judged each, and every subject says whose it is', async () => {
      const { report, exitCode } = await audit([...contexts(), '--context', 'eu', '--context', 'us']);
      expect(report?.sources.map(({ target }) => target)).toEqual([
        `context eu, namespace ${namespace}`,
        `context us, namespace ${namespace}`,
      ]);
      const subjects = report?.findings
        .filter(({ outcome }) => outcome === 'fail')
        .map(({ subject }) => subject.split(' container')[0]);
      expect(new Set(subjects)).toEqual(
        new Set([`eu: Deployment ${namespace}/qna`, `us: Deployment ${namespace}/qna`]),
      );
      expect(exitCode).toBe(1);
    });

    it('leave nothing done that one of them could not be asked about', async () => {
      const { report, exitCode } = await audit([
        ...contexts(),
        '--context',
        'eu',
        '--context',
        'gone',
        '--allow-unknown',
      ]);
      expect(report?.items.map(({ state }) => state)).not.toContain('done');
      expect(report?.sources[1]?.notSeen[0]?.reason).toContain('the connection was refused');
      expect(report?.findings.some(({ subject }) => subject.startsWith('eu: '))).toBe(true);
      expect(exitCode).toBe(1);
    });

    it('are kept in one snapshot, and judged again as they were', async () => {
      const file = `${temporaryFolder()}/both.json.gz`;
      const live = await audit([...contexts(), '--context', 'eu', '--context', 'us', '--save', file]);
      const again = await audit(['--from', file]);
      expect(again.report).toEqual(live.report);
      expect(again.report?.sources.length).toBe(2);
      expect(again.exitCode).toBe(live.exitCode);
    });
  });

  it('sees all namespaces with one list of each kind', async () => {
    const { report } = await audit(['--kubeconfig', cluster.kubeconfigFor('admin', namespace), '-A']);
    expect(report?.sources[0]?.target).toBe('context test, all namespaces');
    const subjects = report?.findings.map(({ subject }) => subject).join('\n');
    expect(subjects).toContain(`Deployment ${namespace}/qna`);
  });

  it('refuses --all-namespaces beside a namespace', async () => {
    const { exitCode, stderr } = await runCli(['audit', '-A', '-n', 'qna']);
    expect(stderr).toContain("'-A, --all-namespaces' cannot be used with option '-n, --namespace <name>'");
    expect(exitCode).toBe(2);
  });

  /** Narrow, so that every way is one question to the server. */
  async function audit(args: readonly string[], world: CliWorld = {}) {
    const only = ['--only', 'probes/readiness-probe', '--report', 'json'];
    const { exitCode, stdout, stderr } = await runCli(['audit', ...only, ...args], world);
    return { exitCode, stderr, report: stdout === '' ? undefined : (JSON.parse(stdout) as Report) };
  }

  async function finds(file: string): Promise<void> {
    const { exitCode, report, stderr } = await audit(['--kubeconfig', file]);
    expect(stderr).toBe('');
    expect(report?.findings.find(({ outcome }) => outcome === 'fail')?.subject).toContain(
      `Deployment ${namespace}/qna`,
    );
    expect(exitCode).toBe(1);
  }

  async function refuses(file: string, sentence: string): Promise<void> {
    const { exitCode, report, stderr } = await audit(['--kubeconfig', file, '--deadline', '1']);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(report).toBeUndefined();
    expect(exitCode).toBe(2);
  }

  function contexts(): readonly string[] {
    const clusterOf = (server: string) => ({
      server,
      'certificate-authority-data': Buffer.from(facts.ca).toString('base64'),
    });
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'here', cluster: clusterOf(facts.server) },
        { name: 'gone', cluster: clusterOf('https://127.0.0.1:1') },
      ],
      contexts: ['eu', 'us', 'gone'].map((name) => ({
        name,
        context: { cluster: name === 'gone' ? 'gone' : 'here', user: 'auditor', namespace },
      })),
      users: [{ name: 'auditor', user: { token } }],
    };
    return ['--kubeconfig', join(folderOf({ config: JSON.stringify(config) }), 'config')];
  }

  function kubeconfig({ user, cluster: more = {} }: { readonly user: object; readonly cluster?: object }): string {
    const ca = Buffer.from(facts.ca).toString('base64');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      clusters: [{ name: 'test', cluster: { server: facts.server, 'certificate-authority-data': ca, ...more } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace } }],
      users: [{ name: 'test', user }],
    };
    return join(folderOf({ config: JSON.stringify(config) }), 'config');
  }

  /** With the run's own files, which go when it ends. */
  function folderOf(files: Readonly<Record<string, string>>): string {
    const folder = join(facts.folder, randomUUID());
    mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
    return folder;
  }

  function plugin(folder: string, script: string): string {
    const file = join(folder, 'plugin');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }
});
