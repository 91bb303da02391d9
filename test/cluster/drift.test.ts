import { randomUUID } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Report, ReportFinding } from '../../src/core/report.ts';
import { type CliResult, runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { helmBinary } from './binaries.ts';
import { installDefinitions } from './definitions.ts';
import { DECLARED, EDITS } from './drift-objects.ts';
import { type Fault, neverAnswer, refuse, say, startFaultProxy } from './faults/fault-proxy.ts';
import { createProject } from './scenarios/stage.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();
const READER = `reader-${randomUUID().slice(0, 8)}`;
const DRIFT = ['--only', 'drift/as-declared', '--report', 'json'];
/** Every value of a Secret, or under a name that speaks of one, has it in it. */
const CANARY = 'c4nary';

interface Told {
  readonly report: Report;
  readonly exitCode: number;
  readonly text: string;
}

describe.skipIf(cluster === undefined || cluster.facts.tier === 'given')('audit --against', () => {
  if (cluster === undefined) return;

  beforeAll(async () => {
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: mayReadAll(READER) }));
    await cluster.until('the role is in force', 'default', async () =>
      (await cluster.kubectl('auth', 'can-i', 'get', 'deployments', `--as=${READER}`, '-n=default')).startsWith('yes'),
    );
  });

  afterAll(() => cluster.kubectl('delete', 'clusterrole,clusterrolebinding', READER));

  describe('of what init writes', () => {
    let namespace = '';
    let folder = '';
    let against: readonly string[] = [];
    let removeDefinitions = async () => {};

    beforeAll(async () => {
      removeDefinitions = await installDefinitions(cluster);
      namespace = await withoutPods();
      ({ folder } = await createProject(namespace, `${namespace}.example.test`));
      await cluster.kubectl('apply', '-f', join(folder, 'k8s/namespace.yaml'), '-f', join(folder, 'k8s/secrets.yaml'));
      await cluster.kubectl('apply', '-k', join(folder, 'k8s'));
      against = ['--against', `${join(folder, 'k8s')},${join(folder, 'k8s/secrets.yaml')}`];
    }, 300_000);

    afterAll(() => removeDefinitions());

    it.each(['admin', READER])('finds no drift once it is applied, as %s', async (user) => {
      const { report, exitCode } = await audit(user, namespace, [...against, '-v']);
      expect(failures(report)).toEqual([]);
      expect(outcomes(report)).toEqual(['pass']);
      expect(exitCode).toBe(0);
      expect(report.findings.length).toBeGreaterThan(15);
      const byDryRun = report.findings.filter(({ message }) => message.includes('by a dry run'));
      const secrets = report.findings.filter(({ subject }) => subject.startsWith('Secret '));
      expect(secrets.length).toBeGreaterThan(0);
      expect(byDryRun.length).toBe(user === 'admin' ? report.findings.length - secrets.length : 0);
      expect(report.items).toMatchObject([{ id: '10.4', state: 'done' }]);
    });

    it('works with the printed roles and no more', async () => {
      const { stdout, exitCode } = await runCli(['audit', '--print-rbac', '-n', namespace, ...against]);
      expect(exitCode).toBe(0);
      const rules = parseAllDocuments(stdout).flatMap((document) => (document.toJS() as Role).rules ?? []);
      const patched = rules.filter(({ verbs }) => verbs.includes('patch')).flatMap(({ resources }) => resources);
      expect(patched).toContain('deployments');
      expect(patched).not.toContain('secrets');
      await cluster.apply(stdout);
      const token = await cluster.kubectl('create', 'token', 'qna-ready-audit', `--namespace=${namespace}`);
      const seen = await run(cluster.kubeconfigFor({ token: token.trim() }, namespace), [...against, '-v']);
      const byAdmin = await audit('admin', namespace, [...against, '-v']);
      expect(tellings(seen.report)).toEqual(tellings(byAdmin.report));
    });

    it('compares custom resources too', async () => {
      const { namespace } = await applied('client-side');
      const rule = (expression: string) =>
        `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: qna }
spec: { groups: [{ name: qna, rules: [{ alert: Down, expr: ${expression}, for: 5m }] }] }
`;
      const cwd = temporaryFolder({ 'k8s/rule.yaml': rule('up == 0') });
      await cluster.kubectl('apply', `--namespace=${namespace}`, '-f', join(cwd, 'k8s/rule.yaml'));
      for (const user of ['admin', READER])
        expect(failures((await audit(user, namespace, ['--against', 'k8s/'], cwd)).report)).toEqual([]);
      writeFileSync(join(cwd, 'k8s/rule.yaml'), rule('up < 1'));
      for (const user of ['admin', READER])
        expect(failures((await audit(user, namespace, ['--against', 'k8s/'], cwd)).report)).toMatchObject([
          {
            subject: `PrometheusRule ${namespace}/qna spec.groups[name=qna].rules[0].expr`,
            observed: 'up == 0',
            expected: 'up < 1',
          },
        ]);
    });

    it('is asked of nobody without files to compare with', async () => {
      const { stdout } = await runCli([
        'audit',
        ...['--kubeconfig', cluster.kubeconfigFor('admin', namespace), '--report', 'json'],
      ]);
      const report = JSON.parse(stdout) as Report;
      expect(report.items.map(({ id }) => id)).not.toContain('10.4');
      expect(report.findings.filter(({ check }) => check === 'drift/as-declared')).toEqual([]);
      expect(report.sources[0]?.notSeen.filter(({ what }) => what.includes('drift'))).toEqual([]);
    });

    it('is an item of the checklist where it was asked for', async () => {
      const { stdout } = await runCli([
        'checklist',
        ...['--kubeconfig', cluster.kubeconfigFor('admin', namespace), ...against, '--report', 'json'],
      ]);
      const { items } = JSON.parse(stdout) as Report;
      expect(items.find(({ id }) => id === '10.4')).toMatchObject({ state: 'done' });
    });
  });

  describe.each(['client-side', 'server-side'] as const)('of objects that were applied %s', (way) => {
    it.each(EDITS)('tells $tells', async ({ kubectl, file, told, severity }) => {
      const { namespace, cwd } = await applied(way);
      if (kubectl !== undefined) await cluster.kubectl(`--namespace=${namespace}`, ...kubectl);
      if (file !== undefined) {
        const path = join(cwd, file.name);
        const text = readFileSync(path, 'utf8');
        expect(text).toContain(file.from);
        writeFileSync(path, text.replace(file.from, file.to));
      }
      const byDryRun = await audit('admin', namespace, ['--against', 'k8s/', '--save', 'snapshot.json'], cwd);
      const byField = await audit(READER, namespace, ['--against', 'k8s/'], cwd);
      for (const { report, text, exitCode } of [byDryRun, byField]) {
        expect(failures(report).map(({ subject }) => subject.replace(`${namespace}/`, ''))).toEqual(
          told.map(([subject]) => subject),
        );
        for (const [index, [, observed, expected]] of told.entries()) {
          const finding = failures(report)[index];
          expect(finding?.observed).toMatch(exactly(observed));
          expect(finding?.expected).toMatch(exactly(expected));
          expect(finding?.severity).toBe(severity ?? 'warning');
          expect(finding?.where).toBeDefined();
          expect(`${finding?.message} ${finding?.expected}`).toMatch(/k8s\/\w+\.yaml:\d+:\d+/);
        }
        expect(outcomes(report)).not.toContain('unknown');
        expect(exitCode).toBe(told.length === 0 || severity === 'note' ? 0 : 1);
        expect(text).not.toContain(CANARY);
      }
      const saved = readFileSync(join(cwd, 'snapshot.json'), 'utf8');
      expect(saved).not.toContain(CANARY);
      const replayed = await runCli(['audit', '--from', 'snapshot.json', ...DRIFT], { cwd });
      expect(tellings(JSON.parse(replayed.stdout) as Report)).toEqual(tellings(byDryRun.report));
    });
  });

  it('changes nothing, and sends nothing but GET and dry runs', async () => {
    const { namespace, cwd } = await applied('client-side');
    await cluster.kubectl(`--namespace=${namespace}`, 'set', 'image', 'deployment/qna', 'qna=registry.example/qna:2');
    const kinds = 'deployments,statefulsets,services,configmaps,secrets,networkpolicies,horizontalpodautoscalers';
    const state = () =>
      cluster.kubectl(`--namespace=${namespace}`, 'get', kinds, '-o', 'json', '--show-managed-fields');
    let before = await state();
    await cluster.until('the controllers are at rest', namespace, async () => {
      const last = before;
      before = await state();
      return last === before;
    });
    const proxy = await startFaultProxy(cluster.facts, []);
    const { report } = await through(proxy.url, namespace, cwd);
    await proxy.close();
    expect(failures(report)).toHaveLength(1);
    expect(resting(await state())).toEqual(resting(before));
    const patches = proxy.sent.filter((request) => !request.startsWith('GET '));
    expect(patches.length).toBeGreaterThan(5);
    for (const request of patches) expect(request).toMatch(/^PATCH \S+\?dryRun=All&/);
    expect(patches.filter((request) => request.includes('/secrets/'))).toEqual([]);
  });

  it('leaves what a controller applied to the controller', async () => {
    const { namespace, cwd } = await applied('server-side');
    const annotated = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'qna', namespace, annotations: { 'controller.example/state': 'ready' } },
    };
    await cluster.apply(JSON.stringify(annotated), '--server-side', '--field-manager=some-controller');
    for (const user of ['admin', READER])
      expect(failures((await audit(user, namespace, ['--against', 'k8s/'], cwd)).report)).toEqual([]);
  });

  it('says of a kind that the server does not have that the object is not there', async () => {
    const { namespace } = await applied('client-side');
    const cwd = temporaryFolder({
      'k8s/backup.yaml':
        'apiVersion: backups.example.com/v1\nkind: NightlyBackup\nmetadata: { name: qna }\nspec: { hour: 3 }\n',
    });
    const { report, exitCode } = await audit('admin', namespace, ['--against', 'k8s/'], cwd);
    expect(failures(report)).toMatchObject([
      {
        subject: `NightlyBackup ${namespace}/qna`,
        observed: 'the server does not serve backups.example.com/v1',
      },
    ]);
    expect(exitCode).toBe(1);
  });

  it('compares what a kustomization builds and a chart renders', async () => {
    const namespace = await withoutPods();
    const cwd = temporaryFolder({
      'bin/kubectl': `#!/bin/sh\nexec ${cluster.facts.kubectl.join(' ')} "$@"\n`,
      'base/kustomization.yaml': 'resources: [settings.yaml]\n',
      'base/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: base }\ndata: { A: "1" }\n',
      'prod/kustomization.yaml': `resources: [../base]
namePrefix: prod-
configMapGenerator: [{ name: made, literals: [B=2] }]
secretGenerator: [{ name: secret, literals: [PASSWORD=declared-${CANARY}] }]
`,
      'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
      'chart/values.yaml': 'colour: red\n',
      'prod.yaml': 'colour: blue\n',
      'chart/templates/settings.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: chart, namespace: {{ .Release.Namespace }} }\ndata: { colour: {{ .Values.colour }} }\n',
    });
    chmodSync(join(cwd, 'bin/kubectl'), 0o755);
    await cluster.kubectl('apply', `--namespace=${namespace}`, '-k', join(cwd, 'prod'));
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'chart' }, data: { colour: 'blue' } };
    await cluster.apply(JSON.stringify(settings), `--namespace=${namespace}`);
    const against = ['--against', 'prod', '--against', 'chart', '-v'];
    vi.stubEnv('PATH', [join(cwd, 'bin'), dirname(await helmBinary()), process.env.PATH].join(delimiter));
    try {
      const same = await audit('admin', namespace, [...against, '--helm-values', 'prod.yaml'], cwd);
      expect(failures(same.report)).toEqual([]);
      expect(same.report.findings).toHaveLength(4);
      expect([same.exitCode, same.text.includes(CANARY)]).toEqual([0, false]);
      const other = await audit('admin', namespace, against, cwd);
      expect(failures(other.report)).toMatchObject([
        { subject: `ConfigMap ${namespace}/chart data.colour`, observed: 'blue', expected: 'red' },
      ]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  describe('where the server fails', () => {
    const get = /\/deployments\/qna$/;
    const patch = /\/deployments\/qna\?dryRun=All/;
    it.each<{ tells: string; fault: Fault; reason?: RegExp; args?: readonly string[] }>([
      {
        tells: 'and recovers from 429',
        fault: { on: patch, times: 1, answer: refuse(429, 'wait', { 'retry-after': '1' }) },
      },
      { tells: 'with 403 for the object', fault: { on: get, answer: refuse(403, 'no entry') }, reason: /no entry/ },
      { tells: 'with 500 for the object', fault: { on: get, answer: refuse(500, 'broken') }, reason: /broken/ },
      { tells: 'with 500 for the dry run', fault: { on: patch, answer: refuse(500, 'broken c4nary') }, reason: /500/ },
      { tells: 'with 409 for the dry run', fault: { on: patch, answer: refuse(409, 'c4nary') }, reason: /409/ },
      { tells: 'with 422 for the dry run', fault: { on: patch, answer: refuse(422, 'c4nary') }, reason: /422/ },
      {
        tells: 'and never answers',
        fault: { on: patch, answer: neverAnswer },
        args: ['--timeout', '1'],
        reason: /no answer within 1 s/,
      },
      {
        tells: 'with something else',
        fault: { on: get, answer: say('{"kind":"Deployment"}') },
        reason: /another object/,
      },
      { tells: 'for the kinds', fault: { on: /\/apis\/apps\/v1$/, answer: refuse(503, 'down') }, reason: /down/ },
    ])('$tells it is never green', async ({ fault, reason, args = [] }) => {
      const { namespace, cwd } = await applied('client-side');
      const proxy = await startFaultProxy(cluster.facts, [fault]);
      const { report, exitCode, text } = await through(proxy.url, namespace, cwd, ...args);
      await proxy.close();
      const found = report.findings.find(({ subject }) => subject === `Deployment ${namespace}/qna`);
      expect(found?.outcome).toBe(reason === undefined ? 'pass' : 'unknown');
      if (reason !== undefined) expect(found?.message).toMatch(reason);
      expect(failures(report)).toEqual([]);
      expect(exitCode).toBe(reason === undefined ? 0 : 3);
      expect(text).not.toContain(CANARY);
      expect(text).not.toMatch(/\n\s+at /);
    });
  });

  /** What is declared is compared here, and nothing of it has to run: a hundred applications would fill the node. */
  async function withoutPods(): Promise<string> {
    if (cluster === undefined) throw new Error('no cluster');
    const namespace = await cluster.createNamespace();
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'no-pods' },
      spec: { hard: { pods: '0' } },
    };
    await cluster.apply(JSON.stringify(quota), `--namespace=${namespace}`);
    return namespace;
  }

  async function applied(way: 'client-side' | 'server-side') {
    if (cluster === undefined) throw new Error('no cluster');
    const namespace = await withoutPods();
    const cwd = temporaryFolder(DECLARED);
    const flags = way === 'server-side' ? ['--server-side'] : [];
    await cluster.kubectl('apply', `--namespace=${namespace}`, '-f', join(cwd, 'k8s'), ...flags);
    return { namespace, cwd };
  }

  async function audit(user: string, namespace: string, args: readonly string[], cwd?: string): Promise<Told> {
    if (cluster === undefined) throw new Error('no cluster');
    return run(cluster.kubeconfigFor(user, namespace), args, cwd);
  }

  async function through(url: string, namespace: string, cwd: string, ...args: readonly string[]): Promise<Told> {
    if (cluster === undefined) throw new Error('no cluster');
    const config = JSON.parse(readFileSync(cluster.kubeconfigFor('admin', namespace), 'utf8')) as {
      readonly clusters: readonly { readonly cluster: Record<string, unknown> }[];
    };
    Object.assign(config.clusters[0]?.cluster ?? {}, { server: url, 'insecure-skip-tls-verify': true });
    const file = join(cluster.facts.folder, `${randomUUID()}.kubeconfig`);
    writeFileSync(file, JSON.stringify(config));
    return run(file, ['--against', 'k8s/', '-v', ...args], cwd);
  }
});

interface Role {
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

async function run(kubeconfig: string, args: readonly string[], cwd?: string): Promise<Told> {
  const said: CliResult = await runCli(
    ['audit', '--kubeconfig', kubeconfig, ...DRIFT, ...args],
    cwd === undefined ? {} : { cwd },
  );
  if (said.stdout === '') throw new Error(`There is no report (exit code ${said.exitCode}): ${said.stderr}`);
  return { report: JSON.parse(said.stdout) as Report, exitCode: said.exitCode, text: said.stdout + said.stderr };
}

function mayReadAll(user: string): readonly object[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  return [
    {
      apiVersion,
      kind: 'ClusterRole',
      metadata: { name: user },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] }],
    },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: user },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: user },
    },
  ];
}

function failures({ findings }: Report): readonly ReportFinding[] {
  return findings.filter(({ outcome }) => outcome === 'fail');
}

function outcomes({ findings }: Report): readonly string[] {
  return [...new Set(findings.map(({ outcome }) => outcome))];
}

function tellings({ findings }: Report): readonly string[] {
  return findings
    .map(({ id, outcome, observed, expected }) => JSON.stringify([id, outcome, observed, expected]))
    .sort();
}

function exactly(text: string | RegExp): RegExp {
  return typeof text === 'string' ? new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) : text;
}

/** Everything of the objects, by name. */
function resting(text: string): readonly unknown[] {
  const { items } = JSON.parse(text) as { readonly items: readonly { readonly metadata: { readonly name: string } }[] };
  return items.toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}
