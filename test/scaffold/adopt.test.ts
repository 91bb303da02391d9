import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { filesBelow, initIn, readYaml, textOf } from './scaffolded.ts';

const OWN = `apiVersion: apps/v1
kind: Deployment
metadata: { name: answers, namespace: team }
spec:
  replicas: 2
  selector: { matchLabels: { app: answers, tier: web } }
  template:
    metadata: { labels: { app: answers, tier: web } }
    spec:
      containers:
        - { name: app, image: 'registry.example/answers:2.1.0', ports: [{ name: http, containerPort: 7000 }] }
---
apiVersion: v1
kind: Service
metadata: { name: answers, namespace: team }
spec:
  selector: { app: answers, tier: web }
  ports: [{ name: http, port: 80, targetPort: http }]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: team }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers: [{ name: db, image: 'postgres:18.4', ports: [{ containerPort: 5432 }] }]
`;

describe('init --adopt', () => {
  it('adds what the checklist lacks, for the labels that are there, and touches nothing else', async () => {
    const root = temporaryFolder({ 'deploy/app.yaml': OWN, 'docs/BACKUP.md': '# Ours\n' });
    const { exitCode, stdout, stderr } = await initIn(root, ['--adopt']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(textOf(root, 'deploy/app.yaml')).toBe(OWN);
    expect(textOf(root, 'docs/BACKUP.md')).toBe('# Ours\n');
    expect(filesBelow(root).filter((path) => path.startsWith('k8s/'))).toEqual([
      'k8s/monitoring/rules.yaml',
      'k8s/networkpolicy.yaml',
      'k8s/pdb.yaml',
    ]);
    expect(readYaml(textOf(root, 'k8s/pdb.yaml'))[0].spec.selector.matchLabels).toEqual({
      app: 'answers',
      tier: 'web',
    });
    const policies = readYaml(textOf(root, 'k8s/networkpolicy.yaml'));
    expect(policies.map(({ metadata }) => metadata)).toMatchObject([{ name: 'answers', namespace: 'team' }]);
    expect(policies[0].spec.podSelector.matchLabels).toEqual({ app: 'answers', tier: 'web' });
    expect(JSON.stringify(policies[0].spec.egress)).toContain('{"podSelector":{"matchLabels":{"app":"db"}}}');
    expect(stdout).toMatch(
      /^disruption\/budget {2}Deployment team\/answers\n.*\n {2}What mends it is added: k8s\/pdb\.yaml$/m,
    );
    expect(stdout).toMatch(/^probes\/readiness-probe {2}.*\n.*\n {2}What mends it is for you to change: /m);
  });

  it('leaves validate fewer failures, and a second run nothing to write', async () => {
    const root = temporaryFolder({ 'deploy/app.yaml': OWN, 'docs/NOTES.md': '# Ours\n' });
    const before = await failuresIn(root);
    await initIn(root, ['--adopt']);
    const after = await failuresIn(root);
    for (const check of ['disruption/budget', 'operations/alerts']) {
      expect(before).toContain(check);
      expect(after).not.toContain(check);
    }
    expect(after.filter((check) => !before.includes(check))).toEqual([]);
    const again = await initIn(root, ['--adopt']);
    expect(again.stdout).toMatch(/^0 of \d+ files were written\.$/m);
  });

  it('guesses no selector where the pods cannot be told', async () => {
    const root = temporaryFolder({ 'deploy/app.yaml': OWN });
    await initIn(root, ['--adopt', '--name', 'other']);
    expect(filesBelow(root).filter((path) => path.startsWith('k8s/'))).toEqual([]);
  });

  it('reads kustomizations and the folders below them, and takes the service that people reach', async () => {
    const root = foreign();
    const before = filesBelow(root).map((path) => [path, textOf(root, path)]);
    const failed = await failuresIn(root, 'Deployment web');
    const { exitCode, stdout, stderr } = await initIn(root, ['--adopt']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    for (const [path = '', text] of before) expect(textOf(root, path), path).toBe(text);
    expect(stdout).not.toContain('Warning');
    // Not the indexer, which comes before it and has a Service too, nor the StatefulSet of the cache.
    const answers = textOf(root, '.qna-ready/answers.yaml');
    for (const line of ['name: web', 'namespace: handbook', 'port: 8000', 'replicas: 3', 'ingressClass: haproxy'])
      expect(answers).toContain(`\n${line}\n`);
    const [policy, ...others] = readYaml(textOf(root, 'k8s/networkpolicy.yaml'));
    expect(others).toEqual([]);
    expect(policy.metadata).toMatchObject({ name: 'web', namespace: 'handbook' });
    expect(policy.spec.podSelector.matchLabels).toEqual({ app: 'web', team: 'handbook' });
    expect(policy.spec.ingress[0].ports).toEqual([{ port: 8000, protocol: 'TCP' }]);
    expect(policy.spec.egress).toContainEqual({
      to: [{ podSelector: { matchLabels: { app: 'pg' } } }],
      ports: [{ port: 5432, protocol: 'TCP' }],
    });
    // It calls the cache, and the indexer may call it.
    expect(policy.spec.egress).toContainEqual({ to: [{ podSelector: {} }] });
    expect(policy.spec.ingress).toContainEqual({ from: [{ podSelector: {} }] });
    const left = await failuresIn(root, 'Deployment web');
    for (const mended of ['disruption/budget', 'network/egress', 'network/policy']) {
      expect(failed).toContain(mended);
      expect(left).not.toContain(mended);
    }
  });

  it('tells which chart was not read, and mends nothing of the workloads beside the service', async () => {
    const root = foreign();
    // Where Helm is installed the chart is rendered and read.
    vi.stubEnv('PATH', '/nowhere');
    const { stdout } = await initIn(root, ['--adopt', '--dry-run']);
    vi.unstubAllEnvs();
    expect(stdout).toMatch(/^Not read: charts\/reports: it must be rendered to be judged, and helm is not installed;/m);
    const gaps = stdout.matchAll(/^network\/policy {2}(.*)\n.*\n {2}What mends it is (added|for you)/gm);
    expect(Object.fromEntries([...gaps].map(([, subject, how]) => [subject, how]))).toEqual({
      'Deployment indexer': 'for you',
      'Deployment web': 'added',
      'StatefulSet cache': 'for you',
      'StatefulSet pg': 'for you',
    });
  });

  it('says so where overlays name several namespaces', async () => {
    const kustomization = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: try\n';
    const root = foreign({ 'deploy/overlays/staging/kustomization.yaml': kustomization });
    expect((await initIn(root, ['--adopt', '--dry-run'])).stdout).toContain(
      'Warning: The manifests name no namespace, or several: what is added is for web.',
    );
    const named = await initIn(root, ['--adopt', '--namespace', 'handbook']);
    expect(named.stdout).not.toContain('Warning');
  });

  it('promises nothing of a file that is there already', async () => {
    const own =
      'kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\nmetadata: { name: ours, namespace: handbook }\nspec: { podSelector: { matchLabels: { app: pg } } }\n';
    const root = foreign({ 'k8s/networkpolicy.yaml': own });
    const { stdout } = await initIn(root, ['--adopt']);
    expect(stdout).toMatch(/^network\/policy {2}Deployment web\n.*\n {2}What mends it is for you to change: /m);
    expect(textOf(root, 'k8s/networkpolicy.yaml')).toBe(own);
  });

  it('adds a monitor only where a Service can be chosen by it', async () => {
    const monitor = 'k8s/monitoring/servicemonitor.yaml';
    const args = ['--adopt', '--monitoring', 'operator'];
    const bare = foreign();
    await initIn(bare, args);
    expect(filesBelow(bare)).not.toContain(monitor);
    const root = foreign();
    const web = textOf(root, 'deploy/base/web.yaml');
    const labelled = web.replace(
      '  name: answers\nspec:\n  selector:',
      '  name: answers\n  labels: { app: front }\nspec:\n  selector:',
    );
    expect(labelled).not.toBe(web);
    writeFileSync(
      join(root, 'deploy/base/web.yaml'),
      labelled.replace('- name: http\n      port: 80', '- name: web\n      port: 80'),
    );
    await initIn(root, args);
    const [{ spec }] = readYaml(textOf(root, monitor));
    expect(spec.selector.matchLabels).toEqual({ app: 'front' });
    expect(spec.endpoints[0].port).toBe('web');
  });

  it('writes no secret, so one that git tracks does not stop it', async () => {
    const root = foreign({ 'k8s/secrets.yaml': 'kind: Secret\napiVersion: v1\nmetadata: { name: web }\n' });
    execFileSync('git', ['init', '--quiet', root]);
    execFileSync('git', ['-C', root, 'add', '--all']);
    expect((await initIn(root, ['--adopt'])).exitCode).toBe(0);
    expect((await initIn(root)).stderr).toContain('k8s/secrets.yaml is tracked by git');
  });

  it('says in a sentence that there is nothing to adopt', async () => {
    const { exitCode, stderr } = await initIn(temporaryFolder(), ['--adopt']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/No Kubernetes manifest was found/);
  });

  /** The repository of somebody who never heard of us. */
  function foreign(files: Readonly<Record<string, string>> = {}): string {
    const root = temporaryFolder(files);
    cpSync(join(import.meta.dirname, 'fixtures/foreign'), root, { recursive: true });
    return root;
  }

  async function failuresIn(root: string, subject = ''): Promise<readonly string[]> {
    const { stdout } = await runCli(['validate', '.', '--report', 'json'], { cwd: root });
    const { findings } = JSON.parse(stdout) as {
      findings: readonly { check: string; outcome: string; subject: string }[];
    };
    return [
      ...new Set(
        findings
          .filter((finding) => finding.outcome === 'fail' && finding.subject.startsWith(subject))
          .map(({ check }) => check),
      ),
    ];
  }
});
