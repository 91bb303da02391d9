import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { Pod } from '../../src/core/objects.ts';
import type { Report } from '../../src/core/report.ts';
import { listenTo } from '../cli/listen-to.ts';
import { DEPLOYMENT } from '../cli/manifests.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { type Fault, type FaultProxy, refuse, say, startFaultProxy } from './faults/fault-proxy.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

interface Application {
  readonly spec: { readonly template: { readonly spec: { schedulerName?: string } } };
}

/** What needs a node to come true stays away: no endpoint is made of a pod that lies nowhere. */
const CHECKS = ['--only', 'rollout/observed'];
const NOT_AVAILABLE =
  /\+ [\d.]+ s error rollout\/observed Deployment .*\/qna: Not every pod that is asked for is available\./;
const AVAILABLE = /- [\d.]+ s error rollout\/observed Deployment .*\/qna: Not every pod/;

describe.skipIf(cluster === undefined || cluster.facts.tier === 'given')('audit --watch', { timeout: 120_000 }, () => {
  if (cluster === undefined) return;
  let namespace = '';
  let folder = '';

  beforeEach(async () => {
    namespace = `test-${randomUUID().slice(0, 8)}`;
    folder = temporaryFolder();
    await post('/api/v1/namespaces', { metadata: { name: namespace } });
  });

  const watching = (kubeconfig: string, ...args: readonly string[]) =>
    listenTo(['audit', '--watch', '--kubeconfig', kubeconfig, ...CHECKS, ...args], folder);
  const byAdmin = () => cluster.kubeconfigFor('admin', namespace);
  const deployments = () => `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const pods = () => `/api/v1/namespaces/${namespace}/pods`;
  /** Where there is a node, it gets none of the pods: they start when a test says so. */
  const begin = () => {
    const deployment = parse(DEPLOYMENT) as Application;
    deployment.spec.template.spec.schedulerName = 'none';
    return post(deployments(), deployment);
  };

  async function post(path: string, body: object): Promise<void> {
    const { status, body: answer } = (await cluster?.request('POST', path, body)) ?? {};
    expect(status, JSON.stringify(answer)).toBe(201);
  }

  /** Does what a kubelet would. */
  const startPods = async () => {
    const list = async () => ((await cluster.request('GET', pods())).body as { readonly items: readonly Pod[] }).items;
    await cluster.until('the pods are there', namespace, async () => (await list()).length > 0);
    for (const pod of await list()) {
      const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'True' }));
      const started = { ...pod, status: { ...pod.status, phase: 'Running', conditions } };
      const { status, body } = await cluster.request('PUT', `${pods()}/${pod.metadata?.name}/status`, started);
      expect(status, JSON.stringify(body)).toBe(200);
    }
  };

  it('tells each change as it comes, ends when all is ready, and tells how long each item took', async () => {
    await begin();
    const { says, exited } = watching(byAdmin());
    await says(NOT_AVAILABLE);
    await says(/Waiting for changes/);
    await startPods();
    await says(AVAILABLE);
    await says(/= [\d.]+ s 6\.2 replicas: done, was to do/);
    const end = await says(/Ready after [\d.]+ s\.\n/);
    expect(end).toMatch(/6\.2 +replicas +done after [\d.]+ s\n/);
    expect(await says(/\(exit code 0\)/)).toContain('Ready: ');
    expect(await exited).toBe(0);
  });

  it('waits for what is not applied yet, and says so where it never is', async () => {
    const { says, exited } = watching(byAdmin());
    await says(/Waiting for changes/);
    await begin();
    await says(NOT_AVAILABLE);
    await startPods();
    await says(/Ready after/);
    expect(await exited).toBe(0);

    const second = watching(byAdmin(), '--namespace', 'kube-node-lease');
    await second.says(/Waiting for changes/);
    second.stop();
    expect(await second.exited).toBe(2);
    expect(second.stderr()).toContain('There is no workload in context test, namespace kube-node-lease.');
  });

  it('tells what is known when it is interrupted', async () => {
    await begin();
    const { says, stop, exited } = watching(byAdmin());
    await says(/Waiting for changes/);
    stop();
    expect(await says(/Not ready after [\d.]+ s: it was interrupted/)).toMatch(/\S+ +to do\n/);
    await says(/\(exit code 1\)/);
    expect(await exited).toBe(1);
  });

  it('ends at the deadline, with the verdict of the last judgement and no gap of its own', async () => {
    await begin();
    const { says, exited } = watching(byAdmin(), '--deadline', '8', '--report', 'text', '--report', 'json=report.json');
    await says(/Not ready after [\d.]+ s: the deadline of 8 s for the whole run was over/);
    expect(await exited).toBe(1);
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
    expect(report.sources[0]?.notSeen).toEqual([]);
    expect(report.findings.filter(({ outcome }) => outcome === 'unknown')).toEqual([]);
  });

  it('gives a program the last report and nothing else, and keeps the last snapshot', async () => {
    await begin();
    const speaker = watching(byAdmin(), '--report', 'json', '--save', 'last.json.gz');
    await speaker.says(NOT_AVAILABLE);
    await speaker.says(/Waiting for changes/);
    await startPods();
    expect(await speaker.exited).toBe(0);
    expect((JSON.parse(speaker.stdout()) as Report).summary.verdict).toBe('ready');
    const again = await runCli(['audit', '--from', 'last.json.gz', ...CHECKS, '--report', 'json'], { cwd: folder });
    expect(again.stdout).toBe(speaker.stdout());
  });

  it('asks again where it may not watch, and says so', async () => {
    await begin();
    const user = await userAllowed('--print-rbac');
    const { says, exited } = watching(user);
    await says(
      /Not watched, and asked for every 10 s instead: pods \(pods is forbidden: .* cannot watch resource "pods"/,
    );
    await startPods();
    await says(/Ready after/);
    expect(await exited).toBe(0);
  });

  it('watches all that moves with the rights that --print-rbac --watch names', async () => {
    await begin();
    const speaker = watching(await userAllowed('--print-rbac', '--watch'));
    await speaker.says(/Waiting for changes/);
    await startPods();
    await speaker.says(/Ready after/);
    expect(await speaker.exited).toBe(0);
    expect(speaker.stderr()).not.toContain('Not watched');
  });

  it('opens a watch again where it was when it is cut, and reads no list again', async () => {
    await begin();
    const { proxy, kubeconfig } = await through([]);
    const { says, exited } = watching(kubeconfig);
    await says(/Waiting for changes/);
    await cluster.until('the watches are open', namespace, async () => watchesOf(proxy, 'pods').length > 0);
    const lists = () => proxy.asked.filter((path) => /\/pods\?limit=500/.test(path)).length;
    const before = lists();
    expect(proxy.cutWatches()).toBeGreaterThan(2);
    await startPods();
    await says(AVAILABLE);
    const versions = watchesOf(proxy, 'pods').map((path) =>
      new URL(path, 'http://x').searchParams.get('resourceVersion'),
    );
    expect(versions.length).toBeGreaterThan(1);
    // The look at everything that comes before the end is one more.
    await says(/Ready after/);
    expect(lists() - before).toBeLessThanOrEqual(1);
    expect(await exited).toBe(0);
  });

  it.each<readonly [string, NonNullable<Fault['answer']>]>([
    ['refuses to go on from there', refuse(410, 'too old resource version')],
    [
      'says so in the middle of the watch',
      say('{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old resource version"}}\n'),
    ],
  ])('reads a list anew where the server %s', async (_, answer) => {
    await begin();
    const { proxy, kubeconfig } = await through([{ on: /\/deployments\?.*watch=1/, times: 1, answer }]);
    const { says, exited } = watching(kubeconfig);
    await says(/Waiting for changes/);
    await cluster.until(
      'it watches again',
      namespace,
      async () => watchesOf(proxy, 'deployments').length > 1 && listsOf(proxy, 'deployments') > 1,
    );
    await startPods();
    await says(AVAILABLE);
    await says(/Ready after/);
    expect(await exited).toBe(0);
  });

  const watchesOf = ({ asked }: FaultProxy, plural: string) =>
    asked.filter((path) => path.includes(`/${plural}?`) && path.includes('watch=1'));
  const listsOf = ({ asked }: FaultProxy, plural: string) =>
    asked.filter((path) => path.includes(`/${plural}?limit=500`)).length;

  /** A kubeconfig that leads through a proxy. */
  async function through(faults: readonly Fault[]) {
    if (cluster === undefined) throw new Error('There is no cluster.');
    const proxy = await startFaultProxy(cluster.facts, faults);
    onTestFinished(() => proxy.close());
    const file = join(folder, 'proxied.kubeconfig');
    const config = JSON.parse(readFileSync(byAdmin(), 'utf8'));
    config.clusters[0].cluster = { server: proxy.url, 'insecure-skip-tls-verify': true };
    writeFileSync(file, JSON.stringify(config));
    return { proxy, kubeconfig: file };
  }

  /** A kubeconfig of somebody who may do just what was printed. */
  async function userAllowed(...args: readonly string[]): Promise<string> {
    if (cluster === undefined) throw new Error('There is no cluster.');
    const { stdout } = await runCli(['audit', ...args, ...CHECKS, '-n', namespace]);
    await cluster.apply(stdout);
    const token = await cluster.kubectl('create', 'token', 'qna-ready-audit', `--namespace=${namespace}`);
    return cluster.kubeconfigFor({ token: token.trim() }, namespace);
  }
});
