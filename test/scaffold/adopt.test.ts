import { describe, expect, it } from 'vitest';
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

  it('says in a sentence that there is nothing to adopt', async () => {
    const { exitCode, stderr } = await initIn(temporaryFolder(), ['--adopt']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/No Kubernetes manifest was found/);
  });

  async function failuresIn(root: string): Promise<readonly string[]> {
    const { stdout } = await runCli(['validate', '.', '--report', 'json'], { cwd: root });
    const { findings } = JSON.parse(stdout) as { findings: readonly { check: string; outcome: string }[] };
    return [...new Set(findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check))];
  }
});
