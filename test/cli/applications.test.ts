import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report, ReportApplication } from '../../src/core/report.ts';
import { scaffolded } from '../scaffold/scaffolded.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A second service beside the one that init writes: it shares its database and its Ingress, and nothing about it is ready. */
const DRAFT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: draft-api, namespace: prod, labels: { app: draft, team: search } }
spec:
  selector: { matchLabels: { app: draft } }
  template:
    metadata: { labels: { app: draft } }
    spec:
      containers:
        - name: api
          image: ghcr.io/example/draft:latest
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - { name: DATABASE_HOST, value: qna-postgres.prod.svc }
---
apiVersion: v1
kind: Service
metadata: { name: draft, namespace: prod }
spec: { selector: { app: draft }, ports: [{ name: http, port: 80, targetPort: http }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shared, namespace: prod }
spec:
  ingressClassName: traefik
  rules:
    - host: qna.example.com
      http:
        paths:
          - { path: /draft, pathType: Prefix, backend: { service: { name: draft, port: { name: http } } } }
          - { path: /, pathType: Prefix, backend: { service: { name: qna, port: { name: http } } } }
`;

/** Belongs to neither. */
const ORPHAN = `apiVersion: v1
kind: ConfigMap
metadata: { name: nobodys, namespace: prod }
data: { PASSWORD: hunter2-the-real-one }
`;

/** What init writes for the service qna, which is ready, and what a test puts beside it. */
async function project(...files: readonly string[]): Promise<string> {
  const { root } = await scaffolded(['--name', 'qna', '--namespace', 'prod', '--host', 'qna.example.com']);
  for (const [nth, text] of files.entries()) writeFileSync(join(root, 'k8s', `beside-${nth}.yaml`), text);
  return root;
}

async function validate(cwd: string, ...args: readonly string[]) {
  const { stdout, exitCode } = await runCli(['validate', '.', ...args, '--report', 'json'], { cwd });
  return { report: JSON.parse(stdout) as Report, exitCode };
}

function statesOf({ items }: Pick<ReportApplication, 'items'>): ReadonlyMap<string, string> {
  return new Map(items.map(({ id, state }) => [id, state]));
}

function named(report: Report, name: string): ReportApplication {
  const found = (report.applications ?? []).filter((application) => application.name === name);
  if (found.length !== 1) throw new Error(`${found.length} applications are called ${name}`);
  return found[0] as ReportApplication;
}

function findingsOf(report: Report, { items }: Pick<ReportApplication, 'items'>) {
  const ids = new Set(items.flatMap(({ findings }) => findings));
  return report.findings.filter(({ id }) => ids.has(id));
}

describe('a run over several services', () => {
  it('gives each a checklist of its own: the one that is ready is not held for the other', async () => {
    const { report, exitCode } = await validate(await project(DRAFT, ORPHAN));
    expect(exitCode).toBe(1);
    const [good, bad] = [named(report, 'qna'), named(report, 'draft')];
    expect(good).toMatchObject({
      namespace: 'prod',
      subjects: ['Deployment prod/qna'],
      why: 'its label app.kubernetes.io/name says so',
    });
    // The Ingress that both share has no TLS, which is a fault of both.
    const open = good.items.filter(({ state }) => !['done', 'unknown', 'not-applicable'].includes(state));
    expect(open.map(({ id }) => id)).toEqual(['5.2']);
    const broken = statesOf(bad);
    for (const item of ['2.3', '5.2', '6.1', '7.1', '7.4']) expect(broken.get(item), item).toBe('todo');
    expect(bad.summary.verdict).toBe('not-ready');
    const failures = (application: ReportApplication) =>
      findingsOf(report, application)
        .filter(({ outcome }) => outcome === 'fail')
        .map(({ subject }) => subject);
    expect(new Set(failures(good))).toEqual(new Set(['Ingress prod/shared host qna.example.com']));
    expect(failures(bad)).toEqual(
      expect.arrayContaining(['Deployment prod/draft-api container api', 'Ingress prod/shared host qna.example.com']),
    );
    for (const application of [good, bad])
      expect(findingsOf(report, application).map(({ subject }) => subject)).toContain('StatefulSet prod/qna-postgres');
    const ofNobody = report.findings.filter(({ subject }) => subject.startsWith('ConfigMap prod/nobodys'));
    expect(ofNobody.map(({ outcome }) => outcome)).toContain('fail');
    for (const { id } of ofNobody)
      for (const { items } of [good, bad]) expect(items.flatMap(({ findings }) => findings)).not.toContain(id);
  });

  it('has no such part where there is one service', async () => {
    const cwd = await project();
    const { report, exitCode } = await validate(cwd);
    expect(exitCode).toBe(0);
    expect(report).not.toHaveProperty('applications');
    const { report: chosen } = await validate(cwd, '--app', 'qna');
    expect(chosen.items).toEqual(report.items);
  });

  it('holds nothing for done that is only known of another service', async () => {
    const { report } = await validate(await project(DRAFT));
    const alerts = findingsOf(report, named(report, 'draft')).filter(({ check }) => check === 'operations/alerts');
    // The rules name the database too, which both share; the service itself they do not.
    expect(alerts.map(({ outcome, subject }) => `${outcome} ${subject}`)).toContain(
      'unknown Deployment prod/draft-api',
    );
    expect(statesOf(named(report, 'draft')).get('10.1')).toBe('unknown');
    expect(statesOf(named(report, 'qna')).get('10.1')).toBe('done');
  });

  it('shows them in text, Markdown and HTML, each with what is open', async () => {
    const cwd = await project(DRAFT);
    const text = (await runCli(['validate', '.'], { cwd })).stdout;
    const block = text.slice(text.indexOf('draft in namespace prod: Not ready'));
    expect(text).toContain('qna in namespace prod: Not ready, ');
    expect(block).toMatch(/^✘ 7\.4 {2}image-provenance +to do +\d+ image\/pinned$/m);
    expect(block).toContain('  Deployment prod/draft-api: its label app says so\n');
    const markdown = (await runCli(['validate', '.', '--report', 'markdown'], { cwd })).stdout;
    expect(markdown).toContain('## draft in namespace prod: Not ready');
    expect(markdown).toMatch(/\| 7\.4 \| .* \| ❌ to do \| image\/pinned \|/);
    const html = (await runCli(['validate', '.', '--report', 'html'], { cwd })).stdout;
    expect(html).toContain('<h3><b class="no bad">Not ready</b> draft in namespace prod</h3>');
  });
});

describe('--app and --selector', () => {
  it.each([
    [['--app', 'qna'], 1, ['qna']],
    [['--app', 'draft'], 1, ['draft']],
    [['--app', 'draft-api'], 1, ['draft']],
    [['--selector', 'team in (search,ads),!canary'], 1, ['draft']],
    [['--app', 'draft', '--selector', 'app=draft'], 1, ['draft']],
    [['--app', 'qna,draft'], 1, ['draft', 'qna']],
  ] as const)('%j tell of that one only, with the verdicts of a run over everything', async (args, exitCode, names) => {
    const cwd = await project(DRAFT, ORPHAN);
    const whole = await validate(cwd);
    const { report, ...result } = await validate(cwd, ...args);
    expect(result.exitCode).toBe(exitCode);
    expect(report.summary.exitCode).toBe(exitCode);
    expect(report.applications?.map(({ name }) => name).sort()).toEqual(names);
    const known = new Map(whole.report.findings.map((finding) => [finding.id, finding]));
    for (const finding of report.findings) expect(known.get(finding.id)).toEqual(finding);
    for (const name of names) {
      expect(named(report, name).items).toEqual(named(whole.report, name).items);
      expect(named(report, name).summary).toEqual(named(whole.report, name).summary);
    }
    const own = new Set(names.flatMap((name) => findingsOf(report, named(report, name)).map(({ id }) => id)));
    const items = report.findings.filter(({ item }) => item !== '').map(({ id }) => id);
    expect(new Set(items)).toEqual(own);
    if (names.length === 1) {
      expect(report.items).toEqual(named(report, names[0]).items);
      expect(report.summary).toEqual(named(report, names[0]).summary);
    }
  });

  it('tell only the roles of the chosen one, and say what it was taken for', async () => {
    const cwd = await project(DRAFT);
    const { report } = await validate(cwd, '--app', 'draft');
    expect(report.roles.map(({ subject }) => subject)).toContain('Deployment prod/draft-api');
    expect(report.roles.map(({ subject }) => subject)).toContain('StatefulSet prod/qna-postgres');
    expect(report.roles.map(({ subject }) => subject)).not.toContain('Deployment prod/qna');
    const { stdout } = await runCli(['validate', '.', '--app', 'draft'], { cwd });
    expect(stdout).toContain('Deployment prod/draft-api: its label app says so');
  });

  it.each([
    [['--app', 'qan'], 'No workload of files . is known as qan.', 'Did you mean qna?'],
    [['--app', 'something-else'], 'is known as something-else.', 'The names are: backup, draft, draft-api, '],
    [
      ['--selector', 'app in draft'],
      '--selector app in draft cannot be read at column 8: ( was expected',
      'Write it as',
    ],
    [['--selector', 'app=gone'], '--selector app=gone selects no workload of files .', '--show-labels'],
    [['--app', 'qna', '--selector', 'team=search'], 'selects no workload known as qna', '--show-labels'],
    [['--app', 'qna', '--fix'], '--app and --selector narrow what is told', 'Name the files'],
  ] as const)('%j are refused with a sentence and the next step', async (args, sentence, hint) => {
    const { exitCode, stderr, stdout } = await runCli(['validate', '.', ...args], { cwd: await project(DRAFT) });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain(hint);
    expect(stdout).toBe('');
  });

  it('are told when it is the pods that have the labels', async () => {
    const manifests = DRAFT.replace(', labels: { app: draft, team: search }', '');
    const { stderr } = await runCli(['validate', '.', '--selector', 'app=draft'], { cwd: await project(manifests) });
    expect(stderr).toContain('It matches labels of pods');
  });

  it('choose in a saved snapshot too, where what nobody saw belongs to each application', async () => {
    const cwd = temporaryFolder({ 'snapshot.json': JSON.stringify(snapshot()) });
    const only = ['--only', 'image/pinned', '--only', 'secrets/reference-resolves'];
    for (const app of ['qna', 'draft']) {
      const { stdout, exitCode } = await runCli(
        ['audit', '--from', 'snapshot.json', ...only, '--app', app, '--report', 'json'],
        { cwd },
      );
      const report = JSON.parse(stdout) as Report;
      const told = report.findings.map(
        ({ check, outcome, subject }) => `${check} ${outcome} ${subject.split(/[ ,]/)[1]}`,
      );
      expect(told.sort()).toEqual([
        `image/pinned ${app === 'qna' ? 'pass' : 'fail'} prod/${app}`,
        'secrets/reference-resolves unknown staging',
      ]);
      expect(exitCode).toBe(app === 'qna' ? 3 : 1);
    }
  });

  it('need objects to choose among', async () => {
    const cwd = await project();
    await runCli(['validate', '.', '--report', 'json=report.json', '--report', 'text'], { cwd });
    const { stderr, exitCode } = await runCli(['checklist', '--from-report', 'report.json', '--app', 'qna'], { cwd });
    expect(stderr).toContain('--app and --selector choose among objects');
    expect(exitCode).toBe(2);
  });

  it('leave what a mix of files and a cluster lacks unknown', async () => {
    const cwd = await project();
    writeFileSync(join(cwd, 'snapshot.json'), JSON.stringify(snapshot()));
    const args = ['checklist', 'k8s', '--snapshot', 'snapshot.json', '--app', 'draft', '--report', 'json'];
    const report = JSON.parse((await runCli(args, { cwd })).stdout) as Report;
    expect(report.sources.flatMap(({ notSeen }) => notSeen.map(({ what }) => what))).toContain('application draft');
    expect(report.findings.map(({ subject }) => subject)).not.toContain('Deployment prod/qna container qna');
  });
});

describe('two services whose author labelled them as he liked', () => {
  const APP = readFileSync(
    join(import.meta.dirname, '../cluster/scenarios/foreign/answers-and-ingest/app.yaml'),
    'utf8',
  );

  it('are told apart, share their database, and only the broken one is told to be', async () => {
    const text = APP.replaceAll('$(HOST)', 'answers.example.com').replace(
      'path: /ping/deep, port: 3000',
      'path: /ping, port: 3001',
    );
    const { report } = await validate(temporaryFolder({ 'app.yaml': text }));
    expect(report.applications?.map(({ name, subjects }) => [name, ...subjects])).toEqual([
      ['answers', 'Deployment answers'],
      ['ingest', 'Deployment ingest'],
    ]);
    const [answers, ingest] = [named(report, 'answers'), named(report, 'ingest')];
    expect([statesOf(answers).get('2.3'), statesOf(ingest).get('2.3')]).toEqual(['todo', 'done']);
    for (const application of [answers, ingest])
      expect(findingsOf(report, application).map(({ subject }) => subject)).toEqual(
        expect.arrayContaining(['StatefulSet store', 'Ingress edge']),
      );
  });
});

/** A cluster with two services, of which the Secrets could not be listed. */
function snapshot(): object {
  const deployment = (name: string, image: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'prod' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'api', image }] } },
    },
  });
  const service = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'prod' },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  });
  const none = { seen: true, value: [] };
  const empty = [
    'statefulSets',
    'daemonSets',
    'jobs',
    'cronJobs',
    'barePods',
    'configMaps',
    'ingresses',
    'httpRoutes',
    'pods',
  ];
  const recipes = ['externalSecrets', 'sealedSecrets', 'certificates', 'databaseClusters'];
  return {
    qnaReadySnapshot: 1,
    recordedAt: '2026-11-01T08:00:00.000Z',
    source: 'cluster',
    target: 'context staging, namespace prod',
    facts: {
      ...Object.fromEntries([...empty, ...recipes].map((fact) => [fact, none])),
      deployments: {
        seen: true,
        value: [deployment('qna', 'ghcr.io/example/qna:1.0.0'), deployment('draft', 'ghcr.io/example/draft:latest')],
      },
      services: { seen: true, value: [service('qna'), service('draft')] },
      secrets: { seen: false, reason: 'secrets is forbidden' },
    },
    notSeen: [{ what: 'secrets', reason: 'secrets is forbidden' }],
  };
}
