import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { DEPLOYMENT, SERVICE } from '../cli/manifests.ts';
import { type CliWorld, runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

import { until } from './until.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

describe.skipIf(cluster === undefined)('audit of a real cluster', () => {
  if (cluster === undefined) return;

  it('finds what is there, and points into the object', async () => {
    const namespace = await cluster.createNamespace();
    await cluster.apply(`${DEPLOYMENT}---\n${SERVICE}`, `--namespace=${namespace}`);
    const { exitCode, stdout } = await runCli([
      'audit',
      '--kubeconfig',
      cluster.kubeconfigFor('admin', namespace),
      '--only',
      'probes/readiness-probe',
    ]);
    expect(stdout).toContain(`Deployment ${namespace}/qna spec.template.spec.containers[0]`);
    expect(exitCode).toBe(1);
  });

  it('judges what it is told to, and asks the API server for nothing else', async () => {
    const namespace = await cluster.createNamespace();
    await cluster.apply(DEPLOYMENT, `--namespace=${namespace}`);
    const { stdout } = await runCli([
      'audit',
      '--kubeconfig',
      cluster.kubeconfigFor('admin', namespace),
      '--only',
      'storage/bound',
      '--report',
      'json',
    ]);
    const [source] = (JSON.parse(stdout) as Report).sources;
    expect(Object.keys(source?.seen ?? {})).not.toContain('ingresses');
  });

  it('replays a saved snapshot to the same verdicts without a cluster', async () => {
    const namespace = await cluster.createNamespace();
    await cluster.apply(`${DEPLOYMENT}---\n${SERVICE}`, `--namespace=${namespace}`);
    const cwd = temporaryFolder();
    const live = await runCli(
      [
        'audit',
        '--kubeconfig',
        cluster.kubeconfigFor('admin', namespace),
        '--save',
        'snapshot.json',
        '--report',
        'json',
      ],
      { cwd },
    );
    const replayed = await runCli(['audit', '--from', 'snapshot.json', '--report', 'json'], { cwd });
    const findings = (text: string) =>
      (JSON.parse(text) as Report).findings.map(({ id, outcome }) => `${id} ${outcome}`).sort();
    expect(findings(replayed.stdout)).toEqual(findings(live.stdout));
    expect(replayed.exitCode).toBe(live.exitCode);
    expect(replayed.stderr).toMatch(/^Replayed from snapshot\.json, recorded 20.*Z\.$/m);
  });

  it('takes an empty namespace for a mistake, not for a service that is ready', async () => {
    const namespace = await cluster.createNamespace();
    await refused(['--kubeconfig', cluster.kubeconfigFor('admin', namespace)], 'There is no workload in');
  });

  describe('by a user who may read one namespace only', () => {
    it('is unknown about what it may not see, is never green, and still tells what it sees', async () => {
      if (cluster.facts.tier === 'given') return;
      const namespace = await cluster.createNamespace();
      await cluster.apply(`${DEPLOYMENT}---\n${SERVICE}`, `--namespace=${namespace}`);
      const kinds = 'deployments.apps,statefulsets.apps,daemonsets.apps,jobs.batch,cronjobs.batch,pods,services';
      await cluster.kubectl(
        'create',
        'role',
        'workloads',
        '--verb=get,list',
        `--resource=${kinds}`,
        `--namespace=${namespace}`,
      );
      await cluster.kubectl(
        'create',
        'rolebinding',
        'workloads',
        '--role=workloads',
        '--user=auditor',
        `--namespace=${namespace}`,
      );
      await until(
        'the role is in force',
        async () =>
          (
            await cluster.kubectl('auth', 'can-i', 'list', 'services', '--as=auditor', `--namespace=${namespace}`)
          ).startsWith('yes'),
        10_000,
      );
      const kubeconfig = cluster.kubeconfigFor('auditor', namespace);

      const seen = await runCli(['audit', '--kubeconfig', kubeconfig, '--only', 'probes/readiness-probe']);
      expect(seen.stdout).toContain('has no readinessProbe');
      expect(seen.exitCode).toBe(1);

      const { stdout, exitCode } = await runCli([
        'audit',
        '--kubeconfig',
        kubeconfig,
        '--only',
        '1.2',
        '--report',
        'json',
      ]);
      const report = JSON.parse(stdout) as Report;
      expect(report.sources[0]?.notSeen.map(({ reason }) => reason).join()).toContain('cannot list resource "secrets"');
      expect(report.items.map(({ state }) => state)).toEqual(['unknown']);
      expect(exitCode).toBe(3);
    });

    it('finds nothing green in a namespace that is forbidden altogether', async () => {
      if (cluster.facts.tier === 'given') return;
      const namespace = await cluster.createNamespace();
      const { stdout, exitCode } = await runCli([
        'audit',
        '--kubeconfig',
        cluster.kubeconfigFor('stranger', namespace),
        '--report',
        'json',
      ]);
      const report = JSON.parse(stdout) as Report;
      expect(report.summary.pass).toBe(0);
      expect(report.summary.fail).toBe(0);
      expect(report.items.filter(({ state }) => state === 'done')).toEqual([]);
      expect(exitCode).toBe(3);
    });
  });

  describe('that cannot be reached, or does not let anyone in', () => {
    it('says one sentence and exits 2 when the token is wrong', async () => {
      await refused(
        ['--kubeconfig', cluster.kubeconfigFor({ token: 'wrong' }, 'default')],
        'does not accept the credentials of context test',
      );
    });

    it('says one sentence and exits 2 when the client certificate has expired', async () => {
      const { expired } = cluster.facts;
      if (expired === undefined) return;
      const kubeconfig = cluster.kubeconfigFor(expired, 'default');
      await refused(['--kubeconfig', kubeconfig], 'The API server');
    });

    it('says one sentence and exits 2 when there is no server', async () => {
      const file = cluster.kubeconfigFor('admin', 'default');
      const port = await closedPort();
      const cwd = temporaryFolder({
        config: JSON.stringify(JSON.parse(await read(file))).replaceAll(
          cluster.facts.server,
          `https://127.0.0.1:${port}`,
        ),
      });
      await refused(['--kubeconfig', 'config'], 'the connection was refused', { cwd });
    });

    it('says one sentence and exits 2 when there is no kubeconfig, a broken one, or no such context', async () => {
      await refused([], 'No kubeconfig was found.', { env: { HOME: temporaryFolder() } });
      await refused(['--kubeconfig', 'none'], 'does not exist');
      await refused(['--kubeconfig', 'config'], 'cannot be used', { cwd: temporaryFolder({ config: 'clusters: [' }) });
      await refused(
        ['--kubeconfig', cluster.kubeconfigFor('admin', 'default'), '--context', 'prod'],
        'The kubeconfig has no context prod.',
      );
    });

    it('says one sentence and exits 2 when something else listens there', async () => {
      const server = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const cwd = temporaryFolder({
        config: JSON.stringify(JSON.parse(await read(cluster.kubeconfigFor('admin', 'default')))).replaceAll(
          cluster.facts.server,
          `http://127.0.0.1:${port}`,
        ),
      });
      try {
        await refused(['--kubeconfig', 'config'], 'cannot be used', { cwd });
      } finally {
        server.close();
      }
    });
  });
});

async function refused(args: readonly string[], sentence: string, world: CliWorld = {}): Promise<void> {
  const { exitCode, stdout, stderr } = await runCli(['audit', ...args], world);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  expect(stdout).toBe('');
  expect(exitCode).toBe(2);
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}

async function read(file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(join(file), 'utf8');
}
