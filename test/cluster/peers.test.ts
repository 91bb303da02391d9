import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/steps.ts';
import { completeAnswers, type GivenAnswers } from '../../src/scaffold/answers.ts';
import { renderSet } from '../../src/scaffold/render.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { COMBINATIONS, describeCombination } from '../scaffold/combinations.ts';
import { readYaml } from '../scaffold/scaffolded.ts';
import { helmBinary, kubeconformBinary, kubectlValidateBinary, kubeScoreBinary, kustomizeBinary } from './binaries.ts';
import { checkovPackages } from './checkov.ts';
import { installDefinitions } from './definitions.ts';
import { type PublishedSchemas, publishedSchemas } from './published-schemas.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

/** The groups of all that init writes. */
const GROUPS = [
  ...['apps', 'autoscaling', 'batch', 'networking.k8s.io', 'policy', 'cert-manager.io', 'gateway.networking.k8s.io'],
  ...['monitoring.coreos.com', 'postgresql.cnpg.io', 'external-secrets.io', 'bitnami.com'],
];

interface Rendered {
  readonly title: string;
  /** The folder of the project. */
  readonly project: string;
  /** What would be applied, in one file. */
  readonly manifest: string;
}

describe.skipIf(cluster === undefined)('what init writes, put together by kustomize and Helm', () => {
  if (cluster === undefined) return;

  const folder = join(cluster.facts.folder, 'peers');
  let schemas: PublishedSchemas;
  let rendered: readonly Rendered[];
  let removeDefinitions = async () => {};

  beforeAll(async () => {
    removeDefinitions = await installDefinitions(cluster);
    await cluster.until('the definitions are published', 'default', async () => {
      const { paths } = (await cluster.request('GET', '/openapi/v3')).body as { paths: object };
      return GROUPS.every((group) => Object.keys(paths).some((path) => path.startsWith(`apis/${group}/`)));
    });
    schemas = await publishedSchemas(cluster, GROUPS, join(folder, 'schemas'));
    rendered = await Promise.all(COMBINATIONS.map((given, index) => render(given, join(folder, `projects/${index}`))));
  }, 900_000);
  afterAll(() => removeDefinitions());

  it('is valid for kubeconform, which admits no unknown field', async () => {
    const kubeconform = await kubeconformBinary();
    const location = `${schemas.kinds}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
    const judge = (...files: readonly string[]) =>
      said(kubeconform, ['-strict', '-schema-location', location, '-output', 'json', ...files]);
    expect(await judge(...rendered.map(({ manifest }) => manifest))).toMatchObject({ code: 0 });
    expect(await judge(wrong('spec: { replicsa: 2 }'))).toMatchObject({ code: 1 });
  });

  it('is valid for kubectl-validate', async () => {
    const kubectlValidate = await kubectlValidateBinary();
    const judge = (...files: readonly string[]) =>
      said(kubectlValidate, ['--local-schemas', schemas.documents, ...files]);
    expect(await judge(...rendered.map(({ manifest }) => manifest))).toMatchObject({ code: 0 });
    expect(await judge(wrong('spec: { replicas: two }'))).toMatchObject({ code: 1 });
  });

  it('is what kube-score wants, but for what the annotations except with a reason', async () => {
    const kubeScore = await kubeScoreBinary();
    for (const { title, manifest } of rendered) {
      const { output, code } = await said(kubeScore, ['score', '--exit-one-on-warning', '-o', 'ci', manifest]);
      const findings = output.split('\n').filter((line) => /^\[(?:CRITICAL|WARNING)\]/.test(line));
      expect({ title, findings, code }).toEqual({ title, findings: [], code: 0 });
    }
    expect(await said(kubeScore, ['score', wrong('spec: {}')])).toMatchObject({ code: 1 });
  });

  it('is what Checkov wants, but for what .checkov.yaml excepts with a reason', async () => {
    const all = temporaryFolder({});
    for (const [index, { manifest, project }] of rendered.entries()) {
      const { output } = await said('cp', [manifest, join(all, `${index}.yaml`)]);
      expect(output).toBe('');
      if (index === 0) await said('cp', [join(project, '.checkov.yaml'), all]);
    }
    const { code, output } = await checkov(all, ['-d', '.', '--compact']);
    expect(output).toMatch(/Passed checks: [1-9]\d{3,}, Failed checks: 0/);
    expect(code).toBe(0);
    expect(await checkov(all, ['-f', wrong('spec: {}'), '--compact'])).toMatchObject({ code: 1 });
  }, 300_000);

  it('passes the pipeline that is written for it', async () => {
    const bin = temporaryFolder({
      npx: `#!/bin/sh\nshift 2\nexec ${process.execPath} ${join(ROOT, 'bin/qna-ready.ts')} "$@"\n`,
      kubectl: `#!/bin/sh\nexec ${cluster.facts.kubectl.join(' ')} "$@"\n`,
      helm: `#!/bin/sh\nexec ${await helmBinary()} "$@"\n`,
    });
    for (const name of ['npx', 'kubectl', 'helm']) chmodSync(join(bin, name), 0o755);
    const layouts = new Set<unknown>();
    for (const [index, { title, project }] of rendered.entries())
      for (const step of stepsOf(project)) {
        layouts.add(COMBINATIONS[index]?.layout);
        const options = { cwd: project, env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } };
        const { code, output } = await said('sh', ['-c', step], options);
        expect(code, `${title}\n${step}\n${output}`).toBe(0);
      }
    expect([...layouts].sort()).toEqual(['helm', 'kustomize', 'plain']);
  }, 300_000);

  it('passes the linter of Helm, where it is a chart', async () => {
    const helm = await helmBinary();
    const charts = COMBINATIONS.flatMap(({ layout }, index) => (layout === 'helm' ? [rendered[index]] : []));
    expect(charts.length).toBeGreaterThan(5);
    for (const chart of charts) {
      const { code, output } = await said(helm, ['lint', '--strict', join(chart?.project ?? '', 'chart')]);
      expect(code, output).toBe(0);
    }
  });
});

async function render(given: GivenAnswers, project: string): Promise<Rendered> {
  const answers = completeAnswers(given);
  for (const { path, text } of renderSet(answers, () => undefined, {})) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  const manifest = `${project}.yaml`;
  writeFileSync(manifest, await applied(project, answers));
  return { title: describeCombination(given), project, manifest };
}

/** What the command that init tells would apply. */
async function applied(project: string, { layout, namespace }: ReturnType<typeof completeAnswers>): Promise<string> {
  const [program, args] =
    layout === 'helm'
      ? [await helmBinary(), ['template', join(project, 'chart'), '--namespace', namespace]]
      : layout === 'kustomize'
        ? [await kustomizeBinary(), ['build', join(project, 'overlays/prod')]]
        : [
            'find',
            [
              join(project, 'k8s'),
              '-name',
              '*.yaml',
              '-not',
              '-name',
              'secrets*',
              '-exec',
              'awk',
              '1;END{print "---"}',
              '{}',
              ';',
            ],
          ];
  const { code, output } = await said(program as string, args as readonly string[]);
  expect(code, output).toBe(0);
  return output;
}

interface Job {
  readonly script: readonly string[];
  readonly needs?: readonly string[];
}

/** The commands of the pipeline, but for those that need Docker. */
function stepsOf(project: string): readonly string[] {
  const github = join(project, '.github/workflows/ready.yaml');
  const gitlab = join(project, '.gitlab/qna-ready.yaml');
  const read = (file: string) => readYaml(readFileSync(file, 'utf8'), '1.2')[0];
  const steps: readonly string[] = existsSync(github)
    ? read(github).jobs.ready.steps.flatMap(({ run }: { readonly run?: string }) => run ?? [])
    : existsSync(gitlab)
      ? Object.values<Job>(read(gitlab))
          .sort((a, b) => (a.needs?.length ?? 0) - (b.needs?.length ?? 0))
          .flatMap(({ script }) => script)
      : [];
  return steps.filter((step) => !step.startsWith('docker '));
}

/** A Deployment in which something is wrong, so that a judge that says yes to everything is found out. */
const WRONG = (spec: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: wrong }
${spec}
`;

function wrong(spec: string): string {
  return join(temporaryFolder({ 'wrong.yaml': WRONG(spec) }), 'wrong.yaml');
}

async function checkov(cwd: string, args: readonly string[]) {
  const packages = await checkovPackages();
  // It would ask its makers for more, and waits long for an answer.
  const given = ['-m', 'checkov.main', '--framework', 'kubernetes', '--skip-download', ...args];
  return said('python3', given, { cwd, env: { ...process.env, PYTHONPATH: packages } });
}

async function said(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly code: number; readonly output: string }> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { ...options, maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, output: `${stdout}${stderr}` };
  }
}
