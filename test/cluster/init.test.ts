import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject, PodTemplateSpec } from '../../src/core/objects.ts';
import type { Report } from '../../src/core/report.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { useCluster } from './use-cluster.ts';

const cluster = useCluster();

/** Kinds that a cluster has only with an operator, and what tells the API server of them. */
const CUSTOM = /^(?:cert-manager\.io|monitoring\.coreos\.com|kustomize\.config\.k8s\.io)\//;

describe.skipIf(cluster === undefined)('what init writes', () => {
  if (cluster === undefined) return;

  it.each(['annotations', 'operator'])(
    'is accepted by the API server field by field, with monitoring by %s',
    async (monitoring) => {
      const { folder, namespace } = await initialised(['--monitoring', monitoring]);
      await cluster.kubectl('apply', '-f', join(folder, 'k8s/namespace.yaml'));
      for (const { file, objects } of manifestsIn(join(folder, 'k8s'))) {
        if (objects.some(({ apiVersion = '' }) => CUSTOM.test(apiVersion))) continue;
        const told = await cluster.kubectl(
          'apply',
          '--dry-run=server',
          '--validate=strict',
          '-f',
          file,
          `--namespace=${namespace}`,
        );
        expect(told.trim().split('\n'), file).toHaveLength(objects.length);
      }
    },
  );

  it('runs nothing that the restricted Pod Security Standard does not admit', async () => {
    const { folder, namespace } = await initialised();
    await cluster.kubectl(
      'apply',
      '-f',
      join(folder, 'k8s/namespace.yaml'),
      '-f',
      join(folder, 'k8s/serviceaccount.yaml'),
    );
    const templates = manifestsIn(join(folder, 'k8s')).flatMap(({ objects }) => objects.flatMap(templateOf));
    expect(templates.length).toBeGreaterThanOrEqual(4);
    for (const { owner, template } of templates) {
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...template.metadata, name: `p-${randomUUID()}` },
        spec: template.spec,
      };
      const { status, body } = await cluster.request(
        'POST',
        `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`,
        pod,
      );
      expect(status, `${owner}: ${JSON.stringify(body)}`).toBe(201);
    }
    const careless = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'careless' },
      spec: { containers: [{ name: 'c', image: 'example/x:1' }] },
    };
    const refused = await cluster.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, careless);
    expect(refused.status).toBe(403);
  });

  it('is found by audit when it is applied, and so is what is left to do', async () => {
    const { folder, namespace } = await initialised();
    await cluster.kubectl('apply', '-f', join(folder, 'k8s/namespace.yaml'), '-f', join(folder, 'k8s/secrets.yaml'));
    for (const { file, objects } of manifestsIn(join(folder, 'k8s')))
      if (!objects.some(({ apiVersion = '' }) => CUSTOM.test(apiVersion)) && !/secrets/.test(file))
        await cluster.kubectl('apply', '-f', file);
    const { stdout, stderr } = await runCli([
      'audit',
      '--kubeconfig',
      cluster.kubeconfigFor('admin', namespace),
      '--config',
      join(folder, 'qna-ready.config.yaml'),
      '--report',
      'json',
    ]);
    expect(stderr).toBe('');
    const report = JSON.parse(stdout) as Report;
    const states = Object.fromEntries(report.items.map(({ id, state }) => [id, state]));
    expect(states).toMatchObject({
      '2.3': 'done',
      '4.2': 'done',
      '5.3': 'done',
      '6.1': 'done',
      '7.1': 'done',
      '7.3': 'done',
    });
    const failed = report.findings.filter(
      ({ outcome, check }) => outcome === 'fail' && check === 'secrets/filled-values',
    );
    expect(failed.map(({ subject }) => subject)).toEqual([`Secret ${namespace}/qna-secrets key OPENAI_API_KEY`]);
    expect(report.roles.map(({ role, subject }) => `${role} ${subject}`)).toContain(
      `database StatefulSet ${namespace}/qna-postgres`,
    );
  });
});

/** A project in a folder, whose namespace is the test's own. */
async function initialised(
  args: readonly string[] = [],
): Promise<{ readonly folder: string; readonly namespace: string }> {
  const folder = temporaryFolder();
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  const { exitCode, stderr } = await runCli([
    'init',
    folder,
    '--name',
    'qna',
    '--namespace',
    namespace,
    '--host',
    'qna.example.com',
    ...args,
  ]);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return { folder, namespace };
}

interface ManifestFile {
  readonly file: string;
  readonly objects: readonly KubernetesObject[];
}

function manifestsIn(folder: string): readonly ManifestFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('kustomization.yaml'))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      const documents = parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.1' });
      return { file, objects: documents.map((document) => document.toJS() as KubernetesObject) };
    });
}

interface WithTemplate extends KubernetesObject {
  readonly spec?: {
    readonly template?: PodTemplateSpec;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplateSpec } };
  };
}

function templateOf(
  object: KubernetesObject,
): readonly { readonly owner: string; readonly template: PodTemplateSpec }[] {
  const { spec } = object as WithTemplate;
  const template = spec?.jobTemplate?.spec?.template ?? spec?.template;
  return template?.spec === undefined ? [] : [{ owner: `${object.kind} ${object.metadata?.name}`, template }];
}
