import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Answers } from '../../src/scaffold/answers.ts';
import { renderSet } from '../../src/scaffold/render.ts';
import { runCli } from '../cli/run-cli.ts';
import { temporaryFolder } from '../cli/temporary-folder.ts';

/** A Kubernetes object as kubectl reads it, without a type: tests look at what is there. */
// biome-ignore lint/suspicious/noExplicitAny: a test walks freely through plain objects.
export type Plain = any;

export const PROFILES = {
  'the defaults': [],
  'everything else': [
    ...['--name', 'team-qna', '--namespace', 'ai', '--host', 'ask.example.org', '--port', '9090'],
    ...['--image', 'registry.example:5000/team/qna@sha256:'.concat('a'.repeat(64)), '--monitoring', 'operator'],
    ...[
      '--ingress-class',
      'haproxy',
      '--storage-size',
      '50Gi',
      '--set',
      'databaseMajor=16',
      '--set',
      'storageClass=fast',
    ],
    ...['--set', 'runtime=python', '--set', 'entryPoint=main.py', '--set', 'ingressPath=/v1', '--set', 'replicas=3'],
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Runs init in a new folder that holds these files. */
export async function scaffolded(args: readonly string[] = [], files: Readonly<Record<string, string>> = {}) {
  const root = temporaryFolder(files);
  return { root, ...(await initIn(root, args)) };
}

export function initIn(root: string, args: readonly string[] = []) {
  return runCli(['init', '.', '--yes', ...args], { cwd: root });
}

/** Paths below a folder, with slashes, .git left out. */
export function filesBelow(root: string, folder = root): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name !== '.git')
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? filesBelow(root, path) : [relative(root, path)];
    })
    .sort();
}

export function textOf(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function readYaml(text: string, version: '1.1' | '1.2' = '1.1'): readonly Plain[] {
  return [...parseAllDocuments(text, { version })].map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS();
  });
}

export function objectOf(objects: readonly Plain[], kind: string, name: string): Plain {
  const found = objects.filter((object) => object.kind === kind && object.metadata?.name === name);
  if (found.length !== 1) throw new Error(`${found.length} objects are called ${kind}/${name}`);
  return found[0];
}

/** The pod template of each workload, with the workload's kind and name. */
export function podsOf(objects: readonly Plain[]): readonly { readonly name: string; readonly template: Plain }[] {
  return objects.flatMap((object) => {
    const template = object.spec?.jobTemplate?.spec.template ?? object.spec?.template;
    return template === undefined ? [] : [{ name: `${object.kind}/${object.metadata.name}`, template }];
  });
}

export function containersOf({ template }: { readonly template: Plain }): readonly Plain[] {
  return [...(template.spec.initContainers ?? []), ...template.spec.containers];
}

/**
 * The files that init writes, secrets left out, with the templates of a chart filled in as Helm would: below k8s/, where the
 * plain files lie.
 */
export function installed(answers: Answers): Readonly<Record<string, string>> {
  const files = renderSet(answers, () => undefined, {}).filter(({ path }) => path !== 'k8s/secrets.yaml');
  const values = readYaml(files.find(({ path }) => path === 'chart/values.yaml')?.text ?? '{}')[0];
  return Object.fromEntries(
    files
      .filter(({ path }) => !/^chart\/(?!templates\/)/.test(path))
      .map(({ path, text }) =>
        path.startsWith('chart/')
          ? [path.replace('chart/templates/', 'k8s/'), asHelm(text, values, answers.namespace)]
          : [path, text],
      ),
  );
}

/** The few words of Helm that charts of ours use. Helm itself is asked in the tests of the cluster. */
function asHelm(template: string, values: Plain, namespace: string): string {
  return template.replace(/\{\{ ((?:"[^"]*"|[^{}"])*) \}\}/g, (_, expression: string) => {
    const [value = '', pipe] = expression.split(/ \| (?=int$|quote$)/);
    const found = value.startsWith('"')
      ? JSON.parse(value)
      : value === '.Release.Namespace'
        ? namespace
        : value.startsWith('include')
          ? 'digest'
          : values[value.replace('.Values.', '')];
    if (found === undefined) throw new Error(`The chart has no value for ${value}.`);
    return pipe === 'quote' ? JSON.stringify(String(found)) : String(found);
  });
}
