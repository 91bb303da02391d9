import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { InlineWaivers } from '../../core/inline-waiver.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import { type FoundObject, readManifest } from './manifest.ts';
import { readText } from './read-text.ts';
import { type BuiltText, runRenderer } from './run-renderer.ts';
import { readWaiverComments } from './waiver-comments.ts';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** Fields that add objects and change none: what stands in the files is what will be applied. */
const ADDING = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'resources',
  'secretGenerator',
  'configMapGenerator',
  'generatorOptions',
  'sortOptions',
]);
interface Kustomization extends KubernetesObject {
  readonly resources?: readonly string[];
  readonly bases?: readonly string[];
  readonly components?: readonly string[];
}

/** Fields that make objects of other files, under names that only the build knows. */
const GENERATORS = new Set(['secretGenerator', 'configMapGenerator']);

/**
 * The kustomization of a folder, where its files alone do not say what will be applied; undefined otherwise. Who must know the
 * names and values of what generators make has them built too.
 */
export function kustomizationToRender(folder: string, withGenerated: boolean): string | undefined {
  const found = readKustomization(folder);
  if (found === undefined) return undefined;
  const { resources = [] } = found.kustomization;
  const changes = Object.keys(found.kustomization).some(
    (field) => !ADDING.has(field) || (withGenerated && GENERATORS.has(field)),
  );
  return changes || resources.some((path) => path.startsWith('..') || isFolder(join(folder, path)))
    ? found.file
    : undefined;
}

/** The files that the kustomization of a folder names as its own; undefined where there is none. */
export function resourcesToApply(folder: string): readonly string[] | undefined {
  return readKustomization(folder) === undefined ? undefined : filesBelow(folder, new Set());
}

export type Rendered =
  | { readonly objects: readonly FoundObject[]; readonly comments: readonly InlineWaivers[] }
  /** Why there is no result: the end of a sentence. */
  | { readonly reason: string };

/**
 * Builds a kustomization with kustomize, or with kubectl where that is not installed. An object is placed where it stands in
 * the files that the build began with, and otherwise at the kustomization itself. `showAs` makes a path what a person wrote.
 */
export function renderKustomization(folder: string, file: string, showAs: (path: string) => string): Rendered {
  const built = build(folder);
  if ('reason' in built) return built;
  const shown = showAs(file);
  const { objects, notSeen } = readManifest(shown, built.text);
  if (notSeen[0] !== undefined) return { reason: `what it builds cannot be read: ${notSeen[0].reason}` };
  const files = filesBelow(folder, new Set()).flatMap((path) => {
    const read = readText(path);
    return read.ok ? [{ shown: showAs(path), text: read.text }] : [];
  });
  const origins = files.flatMap((found) => readManifest(found.shown, found.text).objects);
  return {
    comments: files.map((found) => readWaiverComments(found.shown, found.text)),
    objects: objects.map(({ object }) => {
      const origin = originOf(object, origins);
      return {
        object,
        file: origin?.file ?? shown,
        locate: (path) => origin?.locate(path) ?? { file: shown, line: 1, column: 1 },
      };
    }),
  };
}

function build(folder: string): BuiltText {
  return runRenderer(
    [
      { program: 'kustomize', args: ['build', folder], tells: 'last line' },
      { program: 'kubectl', args: ['kustomize', folder], tells: 'last line' },
    ],
    'it must be built to be judged, and neither kustomize nor kubectl is installed',
  );
}

function readKustomization(
  folder: string,
): { readonly file: string; readonly kustomization: Kustomization } | undefined {
  const file = NAMES.map((name) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (file === undefined) return undefined;
  const read = readText(file);
  if (!read.ok) return undefined;
  // Neither apiVersion nor kind must be written in it.
  const { objects } = readManifest(
    file,
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${withoutType(read.text)}`,
  );
  return objects[0] === undefined ? undefined : { file, kustomization: objects[0].object as Kustomization };
}

function withoutType(text: string): string {
  return text.replace(/^(?:apiVersion|kind):.*$/gm, '');
}

/** The files that a build begins with: those of a kustomization's resources, and of the kustomizations below it. */
function filesBelow(folder: string, entered: Set<string>): readonly string[] {
  if (entered.has(resolve(folder))) return [];
  entered.add(resolve(folder));
  const { resources = [], bases = [], components = [] } = readKustomization(folder)?.kustomization ?? {};
  return [...resources, ...bases, ...components].flatMap((path) => {
    const target = join(folder, path);
    return isFolder(target) ? filesBelow(target, entered) : [target];
  });
}

/** The object of the same kind whose name it has, or whose name stands within its own: prefixes and suffixes are added. */
function originOf({ kind, metadata }: KubernetesObject, origins: readonly FoundObject[]): FoundObject | undefined {
  const name = metadata?.name ?? '';
  const ofKind = origins.filter(({ object }) => object.kind === kind);
  const nameOf = ({ object }: FoundObject) => object.metadata?.name ?? '';
  return (
    ofKind.find((origin) => nameOf(origin) === name) ??
    ofKind
      .filter((origin) => nameOf(origin) !== '' && name.includes(nameOf(origin)))
      .sort((a, b) => nameOf(b).length - nameOf(a).length)[0]
  );
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
