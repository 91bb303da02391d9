import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report, ReportFinding } from '../../src/core/report.ts';
import { DEPLOYMENT, SERVICE } from '../cli/manifests.ts';
import { type CliResult, runCli } from '../cli/run-cli.ts';
import { authorityIn } from './certificates.ts';
import { type Fault, type FaultProxy, neverAnswer, say, startFaultProxy } from './faults/fault-proxy.ts';
import { FAULT_STORIES } from './faults/faults.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

/** A pod that no node takes waits as it is: one that is on its way somewhere would be judged differently from audit to audit. */
const PLACELESS = '    spec:\n      nodeSelector: { example.test/nowhere: "true" }\n      containers:\n';

/** A namespace with something for most checks to pass, and something to fail. */
const OBJECTS = [
  DEPLOYMENT.replace('    spec:\n      containers:\n', PLACELESS),
  SERVICE,
  ...Array.from(
    { length: 5 },
    (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings-${index} }\ndata: { LOG_LEVEL: info }\n`,
  ),
].join('---\n');

describe.skipIf(cluster === undefined || cluster.facts.tier === 'given')('audit of an API server that fails', () => {
  if (cluster === undefined) return;
  let namespace = '';
  let healthy: Report;

  beforeAll(async () => {
    namespace = await cluster.createNamespace();
    await cluster.apply(OBJECTS, `--namespace=${namespace}`);
    await cluster.until('the scheduler has found no node', namespace, async () =>
      JSON.stringify((await cluster.request('GET', `/api/v1/namespaces/${namespace}/pods`)).body).includes(
        'Unschedulable',
      ),
    );
    healthy = (await auditThrough([])).report;
  });

  it.each(FAULT_STORIES)('$tells', async ({ faults, args = [], reason, partly = false }) => {
    const started = performance.now();
    const { report, exitCode, text } = await auditThrough(faults, ...args);
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(text).not.toMatch(/\n\s+at /);
    const gaps = report.sources.flatMap(({ notSeen }) => notSeen.map((gap) => gap.reason)).join('\n');
    if (reason === undefined) {
      expect(gaps).toBe('');
      expect(verdicts(report)).toEqual(verdicts(healthy));
      expect(exitCode).toBe(healthy.summary.exitCode);
      return;
    }
    expect(gaps).toMatch(reason);
    expect(exitCode).not.toBe(0);
    // What was not seen is unknown, and everything else is as it was.
    const changed = [...verdicts(report)].filter(([id, outcome]) => verdicts(healthy).get(id) !== outcome);
    expect(changed.map(([, outcome]) => outcome)).toEqual(changed.map(() => 'unknown'));
    expect(changed.length).toBeGreaterThan(0);
    const silenced = healthy.findings.filter(
      ({ id, check }) => !verdicts(report).has(id) && !report.findings.some((each) => isUnknown(each, check)),
    );
    expect(silenced.map(({ id }) => id)).toEqual([]);
    if (partly) expect(report.sources[0]?.notSeen[0]?.what).toBe('a part of configMaps');
    const before = new Map(healthy.items.map(({ id, state }) => [id, state]));
    for (const { id, state } of report.items)
      if (state === 'done') expect({ id, state: before.get(id) }).toEqual({ id, state: 'done' });
  });

  it('never passes the deadline, whatever does not answer', async () => {
    const started = performance.now();
    const { exitCode, stderr } = await runThrough([{ on: /./, answer: neverAnswer }], '--deadline', '2');
    expect(stderr).toContain('the deadline of 2 s for the whole run was over');
    expect(exitCode).toBe(2);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('tells what is known when it is interrupted', async () => {
    const interruption = new AbortController();
    // A few requests run at a time, so that the first kinds have come when the last are asked for.
    const fault: Fault = { on: /\/horizontalpodautoscalers\?/, answer: () => interruption.abort() };
    const { stdout, stderr, exitCode } = await runThrough([fault], { signal: interruption.signal });
    const report = JSON.parse(stdout) as Report;
    expect(report.sources[0]?.notSeen.map((gap) => gap.reason).join()).toContain('the run was interrupted');
    expect(report.findings.some(({ outcome }) => outcome === 'fail')).toBe(true);
    expect(exitCode).toBe(1);
    expect(stderr).toBe('');
  });

  it('says what the server was found to be', async () => {
    const { report } = await auditThrough([
      { on: /^\/version$/, answer: say('{"major":"1","minor":"39","gitVersion":"v1.39.0"}') },
    ]);
    expect(report.sources[0]?.detected?.version).toBe('v1.39.0');
  });

  it('asks no server for a kind that it does not have', async () => {
    const proxy = await startFaultProxy(cluster.facts, []);
    await runCli(['audit', '--kubeconfig', kubeconfigFor(proxy), '--report', 'json']);
    await proxy.close();
    expect(proxy.asked.filter((path) => path.includes('velero'))).toEqual([]);
    expect(new Set(proxy.asked).size).toBe(proxy.asked.length);
  });

  it('does not take the objects of an aggregated API that is down for absent', async () => {
    // No other test of this file asks for them, and the files run one after the other.
    const down = JSON.stringify({
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1alpha1.bitnami.com' },
      spec: {
        group: 'bitnami.com',
        version: 'v1alpha1',
        groupPriorityMinimum: 1000,
        versionPriority: 15,
        insecureSkipTLSVerify: true,
        service: { name: 'nobody', namespace: 'default', port: 443 },
      },
    });
    await cluster.apply(down);
    try {
      await cluster.until('the API server knows that it is down', namespace, async () =>
        JSON.stringify((await cluster.request('GET', '/apis')).body).includes('bitnami.com'),
      );
      const { report, exitCode } = await auditThrough([]);
      expect(report.sources[0]?.notSeen.map(({ what }) => what)).toEqual(['sealedSecrets']);
      expect(exitCode).not.toBe(0);
      const changed = [...verdicts(report)].filter(([id, outcome]) => verdicts(healthy).get(id) !== outcome);
      expect(changed.map(([, outcome]) => outcome)).toEqual(changed.map(() => 'unknown'));
    } finally {
      await cluster.kubectl('delete', 'apiservice', 'v1alpha1.bitnami.com');
    }
  });

  describe('over TLS', () => {
    it.each([
      {
        tells: 'another name',
        altNames: 'DNS:kubernetes.example.com',
        days: 30,
        says: 'certificate is for another name',
      },
      { tells: 'an end that has come', altNames: 'IP:127.0.0.1', days: -1, says: 'certificate has expired' },
    ])('a certificate with $tells is refused in a sentence', async ({ tells, altNames, days, says }) => {
      const name = `fault-${tells.replaceAll(' ', '-')}`;
      const pair = authorityIn(cluster.facts.folder).issue(name, {
        subject: '/CN=api',
        altNames,
        usage: 'serverAuth',
        days,
      });
      const { exitCode, stderr, stdout } = await runThrough([], {
        tls: { cert: readFileSync(pair.certificate, 'utf8'), key: readFileSync(pair.key, 'utf8') },
      });
      expect(stderr).toContain(says);
      expect(stdout).toBe('');
      expect(exitCode).toBe(2);
    });

    it('a certificate of an unknown authority is refused in a sentence', async () => {
      const { exitCode, stderr } = await runCli([
        'audit',
        '--kubeconfig',
        rewritten(({ clusters: [first] }) => {
          if (first !== undefined) delete first.cluster['certificate-authority-data'];
        }),
      ]);
      expect(stderr).toContain('not signed by the authority in the kubeconfig');
      expect(exitCode).toBe(2);
    });
  });

  interface Options {
    readonly signal?: AbortSignal;
    readonly tls?: { readonly cert: string; readonly key: string };
  }

  async function runThrough(faults: readonly Fault[], ...given: readonly (string | Options)[]): Promise<CliResult> {
    if (cluster === undefined) throw new Error('no cluster');
    const options = given.find((each) => typeof each === 'object') ?? {};
    const args = given.filter((each) => typeof each === 'string');
    const proxy = await startFaultProxy(cluster.facts, faults, options.tls);
    try {
      const { signal } = options;
      return await runCli(
        ['audit', '--kubeconfig', kubeconfigFor(proxy), '--report', 'json', ...args],
        signal === undefined ? {} : { signal },
      );
    } finally {
      await proxy.close();
    }
  }

  async function auditThrough(faults: readonly Fault[], ...args: readonly string[]) {
    const { exitCode, stdout, stderr } = await runThrough(faults, ...args);
    expect(stderr).toBe('');
    return { exitCode, report: JSON.parse(stdout) as Report, text: stdout + stderr };
  }

  function kubeconfigFor({ url }: FaultProxy): string {
    return rewritten(({ clusters: [first] }) => {
      if (first === undefined) return;
      first.cluster.server = url;
      // The client library lets nobody speak without TLS who has not said that they mean it.
      if (url.startsWith('http:')) first.cluster['insecure-skip-tls-verify'] = true;
    });
  }

  function rewritten(change: (config: Kubeconfig) => void): string {
    if (cluster === undefined) throw new Error('no cluster');
    const config = JSON.parse(readFileSync(cluster.kubeconfigFor('admin', namespace), 'utf8')) as Kubeconfig;
    change(config);
    // With the run's own files, which go when it ends.
    const file = join(cluster.facts.folder, `${randomUUID()}.kubeconfig`);
    writeFileSync(file, JSON.stringify(config));
    return file;
  }
});

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Record<string, unknown> }[];
}

function verdicts({ findings }: Report): ReadonlyMap<string, string> {
  return new Map(findings.map(({ id, outcome }) => [id, outcome]));
}

function isUnknown({ outcome, check }: ReportFinding, wanted: string): boolean {
  return outcome === 'unknown' && check === wanted;
}
