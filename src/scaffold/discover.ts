import { basename } from 'node:path';
import type { KubernetesObject } from '../core/objects.ts';
import { type AnswerName, type Answers, fitting, type GivenAnswers, problemOf } from './answers.ts';
import { answersIn } from './existing-manifests.ts';
import { originOf } from './git.ts';
import { RECORD_FILE } from './record.ts';
import type { ReadFile } from './tree.ts';

/** What is known beside the files of the project that name and build the service. */
export interface Surroundings {
  /** Those that are there already. */
  readonly manifests: readonly KubernetesObject[];
  /** What a cluster told. The repository knows better. */
  readonly cluster: GivenAnswers;
}

export const NOTHING_AROUND: Surroundings = { manifests: [], cluster: {} };

/** What the repository itself tells: its name, its manifests, where it is pushed to, its port, and how it is started. */
export function discover(read: ReadFile, root: string, { manifests, cluster }: Surroundings): Partial<Answers> {
  const manifest = packageOf(read);
  const name = labelOf(typeof manifest?.name === 'string' ? manifest.name : basename(root));
  const told: GivenAnswers = {
    name,
    ...remoteAnswers(originOf(root), name),
    port: exposedPort(read),
    ...(manifest === undefined && isPython(read)
      ? { runtime: 'python', entryPoint: pythonEntry(read) }
      : { entryPoint: nodeEntry(manifest) }),
    // Manifests that init wrote tell nothing new: the answers that they came from are kept.
    ...(read(RECORD_FILE) === undefined ? answersIn(manifests) : {}),
  };
  const found = { ...fitting(cluster, told), ...told };
  // A find that would be refused as an answer is no find.
  return Object.fromEntries(
    Object.entries(found).filter(([key, value]) => problemOf(key as AnswerName, value) === undefined),
  );
}

/** `git@github.com:Team/qna.git` is built to ghcr.io/team/qna, and judged by GitHub Actions. */
function remoteAnswers(remote: string | undefined, name: string | undefined): GivenAnswers {
  const [, host = '', path = ''] =
    /^(?:https?:\/\/(?:[^@/]*@)?|(?:ssh:\/\/)?git@)([\w.-]+)[:/](.+?)(?:\.git)?\/?$/.exec(remote ?? '') ?? [];
  const repository = path.toLowerCase();
  if (host === 'github.com')
    return { ci: 'github', image: `ghcr.io/${repository.split('/')[0]}/${name ?? 'qna'}:0.1.0` };
  if (host === 'gitlab.com') return { ci: 'gitlab', image: `registry.gitlab.com/${repository}:0.1.0` };
  return {};
}

interface PackageManifest {
  readonly name?: unknown;
  readonly main?: unknown;
  readonly scripts?: { readonly start?: unknown } | null;
}

function packageOf(read: ReadFile): PackageManifest | undefined {
  const file = read('package.json');
  if (file === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(file.text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A broken package.json is not for us to judge; the folder has a name too.
    return {};
  }
}

/** `@team/Qna_Agent` is called `qna-agent`. */
function labelOf(name: string): string | undefined {
  const label = (name.split('/').at(-1) ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 38)
    .replace(/-+$/, '');
  return label === '' ? undefined : label;
}

function exposedPort(read: ReadFile): number | undefined {
  const ports = [...(read('Dockerfile')?.text ?? '').matchAll(/^\s*EXPOSE\s+(\d+)/gim)];
  // The last stage is the one that runs.
  const port = ports.at(-1)?.[1];
  return port === undefined ? undefined : Number(port);
}

function nodeEntry(manifest: PackageManifest | undefined): string | undefined {
  const { start } = manifest?.scripts ?? {};
  const started = typeof start === 'string' ? /^node (?:--\S+ )*([^\s-]\S*)$/.exec(start)?.[1] : undefined;
  return started ?? (typeof manifest?.main === 'string' ? manifest.main.replace(/^\.\//, '') : undefined);
}

function isPython(read: ReadFile): boolean {
  return ['requirements.txt', 'pyproject.toml'].some((path) => read(path) !== undefined);
}

function pythonEntry(read: ReadFile): string {
  return ['main.py', 'app.py', 'app/main.py'].find((path) => read(path) !== undefined) ?? 'main.py';
}
