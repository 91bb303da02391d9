import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const RECORDED = join(import.meta.dirname, '../recorded/audit-snapshot-v1.json');

const workload = (kind: string, name: string, pod: string, more = '') => `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: prod }
spec:
  ${more}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { ${pod} }
`;
const object = (apiVersion: string, kind: string, name: string, rest = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: prod }\n${rest}\n`;

const BROKEN = [
  workload(
    'Deployment',
    'qna',
    `serviceAccountName: qna, volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }],
      containers: [{ name: api, image: qna:1, envFrom: [{ secretRef: { name: qna } }, { secretRef: { name: made } }, { configMapRef: { name: maybe, optional: true } }] }]`,
  ),
  object('v1', 'Secret', 'qna', 'stringData: { KEY: "" }'),
  object('external-secrets.io/v1', 'ExternalSecret', 'made', 'spec: { target: { name: made } }'),
  object('v1', 'Service', 'qna', 'spec: { selector: { app: qna }, ports: [{ port: 80 }] }'),
  workload('StatefulSet', 'postgres', 'containers: [{ name: postgres, image: postgres:18 }]', 'serviceName: gone'),
  object(
    'networking.k8s.io/v1',
    'Ingress',
    'qna',
    `spec:
  tls: [{ hosts: [a.example.com], secretName: qna-tls }]
  defaultBackend: { service: { name: other, port: { number: 80 } } }
  rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: qna, port: { number: 80 } } } }] } }]`,
  ),
  object(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    'qna',
    'spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: qna } }',
  ),
  object('policy/v1', 'PodDisruptionBudget', 'qna', 'spec: { selector: { matchLabels: { app: nobody } } }'),
].join('---\n');

/** The rows of the table that tells what the drawing shows. */
async function referencesIn(argv: readonly string[], cwd: string): Promise<readonly string[]> {
  const { stdout } = await runCli([...argv, '--report', 'html'], { cwd });
  return [...stdout.matchAll(/<tr class="(?:there|missing|unknown)">(.*?)<\/tr>/g)].map(([, row = '']) =>
    row
      .replace(/<\/t[hd]>/g, ' ')
      .replace(/<[^>]+>/g, '')
      .trim(),
  );
}

describe('the references in an HTML report', () => {
  it('are those of the files, with what is broken first', async () => {
    const rows = await referencesIn(['validate', 'k8s'], temporaryFolder({ 'k8s/all.yaml': BROKEN }));
    const broken = rows.findIndex((row) => row.endsWith(' there'));
    expect(rows.slice(0, broken).toSorted()).toEqual([
      'Deployment prod/qna mounts PersistentVolumeClaim prod/data ✘ missing',
      'Deployment prod/qna runs as ServiceAccount prod/qna ✘ missing',
      'Ingress prod/qna leads to Service prod/other ✘ missing',
      // A controller makes it, which files cannot show.
      'Ingress prod/qna takes its certificate from Secret prod/qna-tls ? unknown',
      'PodDisruptionBudget prod/qna protects pods app=nobody ✘ missing',
      'StatefulSet prod/postgres takes its names from Service prod/gone ✘ missing',
    ]);
    expect(rows.slice(broken).toSorted()).toEqual([
      'Deployment prod/qna reads Secret prod/made there',
      'Deployment prod/qna reads Secret prod/qna there',
      'HorizontalPodAutoscaler prod/qna scales Deployment prod/qna there',
      'Ingress prod/qna leads to Service prod/qna there',
      'Service prod/qna selects Deployment prod/qna there',
    ]);
  });

  it('are unknown where objects of a kind could not be seen', async () => {
    const snapshot = JSON.parse(readFileSync(RECORDED, 'utf8')) as { facts: Record<string, unknown> };
    snapshot.facts.secrets = { seen: false, reason: 'secrets is forbidden' };
    const cwd = temporaryFolder({ 'snapshot.json': JSON.stringify(snapshot) });
    const rows = await referencesIn(['audit', '--from', 'snapshot.json'], cwd);
    const secrets = rows.filter((row) => row.includes(' reads Secret '));
    expect(secrets.length).toBeGreaterThan(0);
    for (const row of secrets) expect(row).toMatch(/ \? unknown$/);
  });

  it('are all there in a cluster that is whole', async () => {
    const rows = await referencesIn(['audit', '--from', RECORDED], temporaryFolder());
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row).toMatch(/ there$/);
  });

  it('are at most those of sixty objects, nearest to the service first, and the others are counted', async () => {
    const many = Array.from({ length: 100 }, (_, index) => [
      workload(
        'Deployment',
        `batch-${index}`,
        `containers: [{ name: x, image: x:1, envFrom: [{ configMapRef: { name: c-${index} } }] }]`,
      ),
      object('v1', 'ConfigMap', `c-${index}`, 'data: { A: b }'),
    ]);
    const cwd = temporaryFolder({ 'k8s/all.yaml': [...many.flat(), BROKEN].join('---\n') });
    const { stdout } = await runCli(['validate', 'k8s', '--report', 'html'], { cwd });
    expect(stdout).toMatch(/60 objects, .* further objects are not drawn\./);
    expect(stdout.match(/<g class="node /g)).toHaveLength(60);
    const rows = await referencesIn(['validate', 'k8s'], cwd);
    expect(rows).toContain('Deployment prod/qna reads Secret prod/qna there');
    expect(rows.filter((row) => row.endsWith('missing'))).toHaveLength(5);
  });

  it('are only of the chosen application, and in no report but the page', async () => {
    const other = workload(
      'Deployment',
      'other',
      'containers: [{ name: x, image: x:1, envFrom: [{ configMapRef: { name: c } }] }]',
    );
    const front = object('v1', 'Service', 'other-front', 'spec: { selector: { app: other }, ports: [{ port: 80 }] }');
    const cwd = temporaryFolder({ 'k8s/all.yaml': [BROKEN, other, front].join('---\n') });
    const rows = await referencesIn(['validate', 'k8s', '--app', 'qna'], cwd);
    expect(rows).toContain('Service prod/qna selects Deployment prod/qna there');
    expect(rows.filter((row) => row.includes('Deployment prod/other'))).toEqual([]);
    const { stdout } = await runCli(['validate', 'k8s', '--report', 'json', '--report', 'html=page.html'], { cwd });
    expect(JSON.parse(stdout)).not.toHaveProperty('graphs');
  });
});
