import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject, PodTemplateSpec } from '../../src/core/objects.ts';
import type { Report } from '../../src/core/report.ts';
import { completeAnswers } from '../../src/scaffold/answers.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';
import { COMBINATIONS, describeCombination } from '../scaffold/combinations.ts';
import { installed } from '../scaffold/scaffolded.ts';
import { installDefinitions } from './definitions.ts';
import { FAR_FROM_EDGE } from './far-from-edge.ts';
import { type TestCluster, useCluster } from './use-cluster.ts';

const cluster = useCluster();

describe.skipIf(cluster === undefined)('what init writes', () => {
  if (cluster === undefined) return;

  let removeDefinitions = async () => {};
  beforeAll(async () => {
    removeDefinitions = await installDefinitions(cluster);
  }, 300_000);
  afterAll(() => removeDefinitions());

  it('is accepted by the API server, field by field, whatever two answers meet', async () => {
    const namespace = await cluster.createNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    const asked = new Set<string>();
    for (const given of COMBINATIONS) {
      const files = installed(completeAnswers({ ...given, namespace }));
      for (const object of Object.entries(files).flatMap(([path, text]) => objectsIn(path, text))) {
        const key = JSON.stringify(object);
        if (asked.has(key)) continue;
        asked.add(key);
        const { status, body } = await tryOut(object, namespace);
        expect(
          status,
          `${describeCombination(given)}\n${object.kind} ${object.metadata?.name}: ${JSON.stringify(body)}`,
        ).toBe(201);
        for (const { owner, template } of templateOf(object)) {
          const admitted = await tryOut(podOf(template), namespace);
          expect(admitted.status, `${owner}: ${JSON.stringify(admitted.body)}`).toBe(201);
        }
      }
    }
    expect(asked.size).toBeGreaterThan(100);
  }, 600_000);

  it.each(['dev', 'staging', 'prod'])('is put together by kustomize for %s, and accepted', async (overlay) => {
    const { folder, namespace } = await initialised(['--monitoring', 'operator', '--set', 'certificate=acme-http01']);
    const own = overlay === 'prod' ? namespace : `${namespace}-${overlay}`;
    await cluster.kubectl('create', 'namespace', own);
    const rendered = await cluster.kubectl('kustomize', join(folder, 'overlays', overlay));
    const objects = objectsIn('k8s/rendered.yaml', rendered);
    expect(objects.find(({ kind }) => kind === 'Namespace')?.metadata?.name).toBe(own);
    for (const object of objects) {
      if (object.kind !== 'Namespace') expect(object.metadata?.namespace).toBe(own);
      const { status, body } = await tryOut(object, own);
      // The namespace itself is there.
      expect(status, JSON.stringify(body)).toBe(object.kind === 'Namespace' ? 409 : 201);
    }
    const hosts = JSON.stringify(objects).match(/(?:dev\.|staging\.)?qna\.example\.com/g);
    expect(new Set(hosts)).toEqual(new Set([overlay === 'prod' ? 'qna.example.com' : `${overlay}.qna.example.com`]));
  });

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
      const { status, body } = await tryOut(podOf(template), namespace);
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
      ...FAR_FROM_EDGE,
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

/** Kinds that a cluster has only with an operator. */
const CUSTOM = /^(?:cert-manager\.io|monitoring\.coreos\.com|kustomize\.config\.k8s\.io)\//;

/** What the API server would say to an object, without keeping it. */
function tryOut(object: KubernetesObject, namespace: string) {
  const { apiVersion = '', kind = '' } = object;
  const plural = `${kind
    .toLowerCase()
    .replace(/([^aeiou])y$/, '$1ie')
    .replace(/s$/, 'se')}s`;
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = kind === 'Namespace' ? group : `${group}/namespaces/${namespace}`;
  return (cluster as TestCluster).request('POST', `${place}/${plural}?dryRun=All&fieldValidation=Strict`, object);
}

function podOf(template: PodTemplateSpec): KubernetesObject {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...template.metadata, name: `p-${randomUUID()}` } };
  // The ServiceAccount of a dry run is not there, and every namespace has this one.
  return { ...pod, spec: { ...template.spec, serviceAccountName: 'default' } } as KubernetesObject;
}

/** The objects of a file that is for the cluster. */
function objectsIn(path: string, text: string): readonly KubernetesObject[] {
  if (!/^k8s\/.*\.yaml$/.test(path) || /(?:kustomization|namespace)\.yaml$/.test(path)) return [];
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as KubernetesObject);
}

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
