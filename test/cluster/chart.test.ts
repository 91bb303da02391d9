import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { helmBinary } from './binaries.ts';
import { useCluster } from './use-cluster.ts';

const CHART = 'apiVersion: v2\nname: qna\nversion: 1.0.0\n';
const DEPLOYMENT = `{{- /* The service itself. */ -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    {{- include "qna.labels" . | nindent 4 }}
spec:
  selector:
    matchLabels: { app: qna }
  template:
    metadata:
      labels: { app: qna }
    spec:
      containers:
        {{- range .Values.containers }}
        - name: {{ .name }}
          image: {{ .image }}
          ports: [{ name: {{ .name }}, containerPort: {{ .port }} }]
        {{- end }}
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec:
  selector: { app: qna }
  ports: [{ port: 80, targetPort: {{ (first .Values.containers).port }} }]
`;
const CHART_FILES = {
  'chart/Chart.yaml': CHART,
  'chart/values.yaml': 'containers:\n  - { name: api, image: "example/qna:latest", port: 8080 }\n',
  'chart/templates/_helpers.tpl': '{{ define "qna.labels" }}app: qna{{ end }}\n',
  'chart/templates/deployment.yaml': DEPLOYMENT,
  'chart/templates/service.yaml': SERVICE,
};

/** Judges with the Helm that the harness built, which asks no cluster. */
async function judged(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  vi.stubEnv('PATH', `${join(await helmBinary(), '..')}:${process.env.PATH}`);
  const cwd = temporaryFolder(files);
  const { exitCode, stdout, stderr } = await runCli(['validate', ...args, '--report', 'json'], { cwd });
  vi.unstubAllEnvs();
  if (stdout === '') throw new Error(stderr);
  return { exitCode, report: JSON.parse(stdout) as Report };
}

const placesOf = ({ findings }: Report) => findings.map(({ subject, where }) => [subject, where]);

// The programs are built where the cluster's are; without those there is no Helm either.
describe.skipIf(useCluster() === undefined)('validate of a Helm chart', { timeout: 60_000 }, () => {
  // Built where nobody has built it yet.
  beforeAll(() => helmBinary(), 900_000);

  it('judges what Helm renders, and places it at the lines of the templates', async () => {
    const { exitCode, report } = await judged(CHART_FILES, 'chart', '--only', 'image/pinned');
    expect(exitCode).toBe(1);
    expect(placesOf(report)).toEqual([
      ['Deployment qna container api', { file: 'chart/templates/deployment.yaml', line: 18, column: 18 }],
    ]);
  });

  it('takes values and the namespace of a release', async () => {
    const { report } = await judged(
      { ...CHART_FILES, 'prod.yaml': 'containers:\n  - { name: web, image: "example/qna", port: 9090 }\n' },
      ...['.', '--only', 'image/pinned', '--helm-values', 'prod.yaml'],
    );
    expect(placesOf(report).map(([subject]) => subject)).toEqual(['Deployment qna container web']);
  });

  it('judges a chart within a chart, and the definitions beside the templates', async () => {
    const { report } = await judged(
      {
        ...CHART_FILES,
        'chart/Chart.yaml': `${CHART}dependencies: [{ name: web, version: 1.0.0 }]\n`,
        'chart/charts/web/Chart.yaml': CHART.replace('qna', 'web'),
        'chart/charts/web/templates/pod.yaml':
          'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n    - name: c\n      image: example/web\n',
      },
      ...['chart', '--only', 'image/pinned'],
    );
    expect(placesOf(report)).toContainEqual([
      'Pod web container c',
      { file: 'chart/charts/web/templates/pod.yaml', line: 7, column: 14 },
    ]);
  });

  it('leaves out the tests of a chart, and charts that are libraries', async () => {
    const { exitCode, report } = await judged(
      {
        ...CHART_FILES,
        'chart/templates/tests/pod.yaml':
          'apiVersion: v1\nkind: Pod\nmetadata: { name: t, annotations: { helm.sh/hook: test } }\nspec: { containers: [{ name: c, image: x }] }\n',
        'library/Chart.yaml': `${CHART}type: library\n`,
        'library/templates/x.yaml': '{{ define "x" }}{{ end }}',
      },
      ...['.', '--only', 'service/target-port'],
    );
    expect([exitCode, report.sources[0]?.notSeen]).toEqual([0, []]);
    expect(report.findings.map(({ subject }) => subject)).toEqual(['Service qna port 80']);
  });

  it.each([
    ['a value that is required', '{{ required "Set the tier" .Values.tier }}', /helm cannot build it: .*Set the tier/],
    ['a template that is broken', '{{ if }}', /helm cannot build it: .*missing value for if/],
    [
      'a secret in what Helm complains of',
      '{{ fail "postgresql://u:c4nary-pw@db/x" }}',
      /helm cannot build it: (?!.*c4nary)/,
    ],
  ])('is not proven with %s, and says why', async (_, template, reason) => {
    const { exitCode, report } = await judged({ ...CHART_FILES, 'chart/templates/x.yaml': template }, 'chart');
    expect(exitCode).toBe(3);
    expect(report.sources[0]?.notSeen).toEqual([{ what: 'chart', reason: expect.stringMatching(reason) }]);
  });

  it('says what a dependency that is not in the chart is called', async () => {
    const { report } = await judged(
      {
        ...CHART_FILES,
        'chart/Chart.yaml': `${CHART}dependencies: [{ name: redis, version: 1.0.0, repository: "https://127.0.0.1:9" }]\n`,
      },
      'chart',
    );
    expect(report.sources[0]?.notSeen[0]?.reason).toMatch(/missing in charts\/ directory: redis/);
  });

  it('tells an object that cannot be read at its line of the template', async () => {
    const { exitCode, report } = await judged(
      { ...CHART_FILES, 'chart/templates/x.yaml': '{{/* broken */}}\nkind: ConfigMap\nmetadata: { name: x }\n' },
      'chart',
    );
    expect(exitCode).toBe(2);
    expect(report.sources[0]?.notSeen[0]?.where).toMatchObject({ file: 'chart/templates/x.yaml', line: 2 });
  });
});
