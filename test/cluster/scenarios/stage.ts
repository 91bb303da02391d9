import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Report } from '../../../src/core/report.ts';
import { runCli } from '../../cli/run-cli.ts';
import { helmBinary } from '../binaries.ts';
import { authorityIn } from '../certificates.ts';
import { PRIVATE_ISSUER } from '../node/cert-manager.ts';
import { HopelessError } from '../until.ts';
import type { TestCluster } from '../use-cluster.ts';
import { readPath } from './read-path.ts';
import { isSameMoment, observe, type Part, restlessIn, type Scene } from './settled.ts';
import { APIS, isStoryKind, type StoryObject } from './story-object.ts';

/** What `init` wrote for one story, in a folder of its own. */
export interface Project {
  readonly folder: string;
  readonly namespace: string;
  readonly host: string;
}

/** A patch as kustomize takes it: operations of JSON Patch on the objects of a kind. */
export interface Patch {
  readonly kind: string;
  readonly name?: string;
  readonly operations: readonly {
    readonly op: 'add' | 'replace' | 'remove';
    readonly path: string;
    readonly value?: unknown;
  }[];
}

/** How the applied objects differ from what `init` wrote: an overlay, as somebody else's repository would have it. */
export interface Overlay {
  readonly patches?: readonly Patch[];
  readonly resources?: readonly object[];
}

export interface WayToEdge {
  readonly args: readonly string[];
  close(): void;
}

/** A project that was applied to a namespace of its own. */
export interface Stage extends Project {
  readonly cluster: TestCluster;
  /** kubectl in the namespace of the story. */
  kubectl(...args: readonly string[]): Promise<string>;
  /**
   * What the API server says of an object (`pods/qna-0`), of all of a kind (`pods`) or of some (`events?fieldSelector=…`):
   * the values at a path, with a space between them, and nothing where nothing is.
   */
  read(what: string, path: string): Promise<string>;
  apply(...objects: readonly object[]): Promise<void>;
  /** Merges into an object, as a hasty person does with `kubectl edit`. */
  patch(object: string, change: object, ...args: readonly string[]): Promise<void>;
  until(what: string, ask: () => Promise<boolean>): Promise<void>;
  /** Waits until all is ready and at rest, save for the part that is lost. */
  ready(lost?: Part): Promise<void>;
  /**
   * Acts in a moment in which all is ready and at rest, save for the part that is lost, and which is as it must be. Where anything
   * was changed meanwhile it acts again, so that what it saw is one state of the application, and no mixture of two.
   */
  atRest<T>(moment: Moment, act: () => Promise<T>): Promise<T>;
  /** Lets a CronJob run now; throws with the log of its job where that fails. */
  runNow(cronJob: string): Promise<void>;
  audit(...args: readonly string[]): Promise<Judged>;
  /** The arguments with which an audit reaches the edge, as long as it is not closed. */
  wayToEdge(): Promise<WayToEdge>;
  /** Probes from within the cluster's network, as a process of its own. */
  probe(url: string, ...args: readonly string[]): Promise<Judged>;
  /** Removes all that the story applied; does not wait for it. */
  leave(): Promise<void>;
}

export interface Moment {
  /** For whoever waits in vain, as a sentence. */
  readonly tells: string;
  readonly lost?: Part | undefined;
  proven?(): Promise<boolean>;
}

export interface Judged {
  readonly exitCode: number;
  readonly report: Report;
  /** All that was said, for what must not be in it. */
  readonly text: string;
}

export const SERVICE_IMAGE = 'registry.example/qna:1.0.0';
const DEADLINE_MS = 180_000;
const CLI = join(import.meta.dirname, '../../../bin/qna-ready.ts');

/** Publishes the images, and starts the edge and the certificates that every story stands on. */
export async function prepareCluster(cluster: TestCluster): Promise<void> {
  await cluster.startEdge();
  await cluster.startCertManager();
  await cluster.publishService(SERVICE_IMAGE);
  const { folder } = await createProject('nobody', 'nobody.example.test');
  const rendered = await cluster.kubectl('kustomize', join(folder, 'k8s'));
  rmSync(folder, { recursive: true, force: true });
  const image = /image: (\S*postgres\S*)/.exec(rendered)?.[1];
  if (image === undefined) throw new Error('init wrote no image of PostgreSQL.');
  await cluster.publishPostgres(image);
}

/** Writes a project with `init`, for a namespace and a host of its own, with any other answers. */
export async function createProject(namespace: string, host: string, ...answers: readonly string[]): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'qna-story-'));
  const { exitCode, stderr } = await runCli([
    'init',
    folder,
    ...['--name', 'qna', '--namespace', namespace, '--host', host],
    ...['--image', SERVICE_IMAGE, '--cluster-issuer', 'private-ca'],
    ...answers.flatMap((answer) => ['--set', answer]),
  ]);
  if (exitCode !== 0) throw new Error(`init refused: ${stderr}`);
  // The step that init leaves to a person. Any value will do: the node has no way out to a provider.
  fillIn({ folder, namespace, host }, { OPENAI_API_KEY: 'nobody-takes-this' });
  return { folder, namespace, host };
}

/** Fills in secrets, as a person does before the first apply. */
export function fillIn({ folder }: Project, secrets: Readonly<Record<string, string>>): void {
  const file = join(folder, 'k8s/secrets.yaml');
  let text = readFileSync(file, 'utf8');
  for (const [key, value] of Object.entries(secrets))
    text = text.replace(new RegExp(`${key}: .*`), () => `${key}: ${JSON.stringify(value)}`);
  writeFileSync(file, text);
}

/** A secret that `init` generated. */
export function secretIn({ folder }: Project, key: string): string {
  return new RegExp(`${key}: "?([^"\\n]+)`).exec(readFileSync(join(folder, 'k8s/secrets.yaml'), 'utf8'))?.[1] ?? '';
}

/** Applies a project in the order that `init` tells. */
export async function raise(cluster: TestCluster, project: Project, overlay: Overlay = {}): Promise<Stage> {
  const stage = stageOf(cluster, project);
  const base = join(project.folder, 'k8s');
  await stage.kubectl('apply', '-f', join(base, 'namespace.yaml'), '-f', join(base, 'secrets.yaml'));
  await stage.kubectl('apply', '-k', writeOverlay(project.folder, overlay));
  return stage;
}

/** Installs a project whose layout is a chart, as `init` tells it to be done. */
export async function install(cluster: TestCluster, project: Project): Promise<Stage> {
  const stage = stageOf(cluster, project);
  const base = join(project.folder, 'k8s');
  await stage.kubectl('apply', '-f', join(base, 'namespace.yaml'), '-f', join(base, 'secrets.yaml'));
  const kubeconfig = cluster.kubeconfigFor('admin', project.namespace);
  const chart = ['install', 'qna', join(project.folder, 'chart'), `--namespace=${project.namespace}`];
  await promisify(execFile)(await helmBinary(), [...chart, `--kubeconfig=${kubeconfig}`]);
  return stage;
}

/** Applies only some files of a project. */
export async function raiseParts(cluster: TestCluster, project: Project, files: readonly string[]): Promise<Stage> {
  const stage = stageOf(cluster, project);
  for (const file of files) await stage.kubectl('apply', '-f', join(project.folder, 'k8s', file));
  return stage;
}

/** Writes what differs as an overlay of a project's `k8s`; gives its folder. */
export function writeOverlay(folder: string, { patches = [], resources = [] }: Overlay): string {
  const overlay = join(folder, 'k8s-story');
  mkdirSync(overlay);
  writeFileSync(join(overlay, 'more.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: resources }));
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['../k8s', ...(resources.length === 0 ? [] : ['more.json'])],
    patches: patches.map(({ kind, name, operations }) => ({
      target: { kind, ...(name === undefined ? {} : { name: `^${name}$` }) },
      patch: JSON.stringify(operations),
    })),
  };
  writeFileSync(join(overlay, 'kustomization.yaml'), JSON.stringify(kustomization));
  return overlay;
}

/**
 * How an audit from outside the node's network reaches the edge, as somebody does who forwards two ports, and whom it trusts there:
 * the private authority of the cluster, and that of the tests.
 */
async function wayToEdge(cluster: TestCluster, folder: string): Promise<WayToEdge> {
  const address = cluster.facts.node?.address;
  if (address === undefined) return { args: [], close: () => {} };
  const [secure, plain] = await Promise.all([443, 80].map((port) => cluster.forward(address, port)));
  const secret = await cluster.request('GET', `/api/v1/namespaces/cert-manager/secrets/${PRIVATE_ISSUER}`);
  const authorities = join(folder, 'authorities.pem');
  const own = readFileSync(authorityIn(cluster.facts.folder).certificate, 'utf8');
  writeFileSync(authorities, [own, ...readPath(secret.body, 'data/ca.crt').map(atob)].join('\n'));
  const detours = [`:443:127.0.0.1:${secure?.port}`, `:80:127.0.0.1:${plain?.port}`];
  return {
    args: [...detours.flatMap((detour) => ['--connect-to', detour]), '--ca', authorities],
    close: () => {
      for (const forward of [secure, plain]) forward?.close();
    },
  };
}

export function stageOf(cluster: TestCluster, project: Project): Stage {
  const { namespace, folder } = project;
  const config = join(folder, 'qna-ready.config.yaml');
  const kubectl = (...args: readonly string[]) => cluster.kubectl(`--namespace=${namespace}`, ...args);
  const ask = async (kind: string, rest = '') => {
    if (!isStoryKind(kind)) throw new Error(`The stories do not know where ${kind} live.`);
    const what = `${kind}${rest}`;
    const { status, body } = await cluster.request('GET', `${APIS[kind]}/namespaces/${namespace}/${what}`);
    if (status !== 200 && status !== 404) throw new Error(`The API server answered ${status} for ${what}.`);
    return status === 404 ? {} : body;
  };
  const read: Stage['read'] = async (what, path) => {
    const [kind = ''] = what.split(/[/?]/);
    const isList = what.includes('?') || !what.includes('/');
    return readPath(await ask(kind, what.slice(kind.length)), isList ? `items/${path}` : path).join(' ');
  };
  const scene = () =>
    observe(async (kind) => ((await ask(kind)) as { readonly items?: readonly StoryObject[] }).items ?? []);
  const demandRest = async (lost?: Part): Promise<Scene> => {
    const seen = await scene();
    const restless = restlessIn(seen, lost);
    if (restless.length > 0) throw new Error(restless.join('\n'));
    return seen;
  };
  const until: Stage['until'] = (what, ask) => cluster.until(what, namespace, ask, DEADLINE_MS);
  return {
    ...project,
    cluster,
    kubectl,
    until,
    read,
    async apply(...items) {
      await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), `--namespace=${namespace}`);
    },
    async patch(object, change, ...args) {
      await kubectl('patch', object, '--type=merge', `--patch=${JSON.stringify(change)}`, ...args);
    },
    ready: (lost) => until('all is ready', async () => (await demandRest(lost)) !== undefined),
    async atRest<T>({ tells, lost, proven }: Moment, act: () => Promise<T>) {
      const acts: PromiseSettledResult<T>[] = [];
      await until(`At rest: ${tells}`, async () => {
        if (proven !== undefined && !(await proven())) return false;
        const before = await demandRest(lost);
        const [done] = await Promise.allSettled([act()]);
        if (!isSameMoment(before, await scene())) throw new Error('Something was changed meanwhile.');
        acts.push(done);
        return true;
      });
      const [result] = acts;
      if (result?.status !== 'fulfilled') throw result?.reason;
      return result.value;
    },
    async runNow(cronJob) {
      const job = `${cronJob}-now`;
      await kubectl('create', 'job', `--from=cronjob/${cronJob}`, job);
      await until(`the job ${job} has ended`, async () => {
        const ended = await read(`jobs/${job}`, 'status/conditions[status=True]/type');
        if (ended.includes('Failed')) throw new HopelessError(await kubectl('logs', `job/${job}`, '--all-containers'));
        return ended.includes('Complete');
      });
      // The controller of the CronJob notes the success a moment after the job.
      await until(
        'the success is noted',
        async () => (await read(`cronjobs/${cronJob}`, 'status/lastSuccessfulTime')) !== '',
      );
    },
    async audit(...args) {
      const kubeconfig = cluster.kubeconfigFor('admin', namespace);
      const edge = await wayToEdge(cluster, folder);
      const { exitCode, stdout, stderr } = await runCli([
        'audit',
        ...['--kubeconfig', kubeconfig, '--report', 'json'],
        ...(existsSync(config) ? ['--config', config] : []),
        ...edge.args,
        ...args,
      ]).finally(edge.close);
      if (stdout === '') throw new Error(`There is no report (exit code ${exitCode}): ${stderr}`);
      return { exitCode, report: JSON.parse(stdout) as Report, text: stdout + stderr };
    },
    wayToEdge: () => wayToEdge(cluster, folder),
    async probe(url, ...args) {
      const file = join(folder, 'probe.json');
      const options = ['--config', config, '--report', `json=${file}`, ...args];
      const exitCode = await cluster.inside(process.execPath, CLI, 'probe', url, ...options).then(
        () => 0,
        ({ code, stderr }: { readonly code?: number; readonly stderr?: string }) => {
          if (code !== 1 && code !== 3) throw new Error(`probe could not be used (exit code ${code}): ${stderr}`);
          return code;
        },
      );
      const text = readFileSync(file, 'utf8');
      return { exitCode, report: JSON.parse(text) as Report, text };
    },
    async leave() {
      // In this order: a controller makes no new pods in a namespace that is going.
      await kubectl('delete', 'namespace', namespace, '--wait=false');
      await kubectl('delete', 'pods', '--all', '--grace-period=1', '--wait=false');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
