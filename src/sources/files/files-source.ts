import { readFileSync } from 'node:fs';
import { UserError } from '../../core/errors.ts';
import type { FactName, Observed, Snapshot, Source } from '../../core/facts.ts';
import { formatLocation, type Location } from '../../core/location.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import { type Resource, refOf } from '../../core/resource.ts';
import { KIND_FACTS, kindOf, LIVE_KINDS } from '../../kubernetes/kinds.ts';
import { outlineOfSecret } from '../secret-outline.ts';
import { shapeOfSecret } from '../secret-shape.ts';
import { schemasFor } from './api-schemas.ts';
import { type FilesOptions, type Gathered, gather } from './gather.ts';
import type { FoundObject } from './manifest.ts';
import { systemReason } from './read-text.ts';

/** Every fact that files can tell. */
const PROVIDES: readonly FactName[] = [
  ...KIND_FACTS.filter((fact) => !LIVE_KINDS.includes(fact as never)),
  'dockerfiles',
  'envFiles',
  'secretFiles',
  'documents',
  'dashboards',
  'manifests',
  'apiSchemas',
];

/** The source that reads manifests, Dockerfiles, env files and documents from disk or standard input. It opens no socket. */
export function filesSource(options: FilesOptions): Source {
  return {
    name: 'files',
    provides: PROVIDES,
    collect: async (wanted) => toSnapshot(options, wanted, await gather(options)),
  };
}

async function toSnapshot(options: FilesOptions, wanted: ReadonlySet<FactName>, gathered: Gathered): Promise<Snapshot> {
  const target = options.paths.map((path) => (path === '-' ? '<stdin>' : path)).join(' ');
  if (gathered.objects.length === 0 && gathered.notSeen.length === 0)
    throw new UserError(`No Kubernetes manifest was found in ${target}.`, {
      hint: 'Give the folder that holds the manifests; files that git ignores are not read, unless you name them.',
    });
  const unread = [...new Set(gathered.notSeen.filter(({ unusable }) => unusable).map(({ what }) => what))];
  const incomplete =
    unread.length === 0
      ? {}
      : { incomplete: `${unread.slice(0, 3).join(', ')}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''}` };
  const facts: Partial<Record<FactName, Observed<unknown>>> = {};
  const put = (name: FactName, value: unknown) => {
    if (wanted.has(name)) facts[name] = { seen: true, value, ...incomplete };
  };
  for (const [name, resources] of byFact(gathered.objects)) put(name, resources);
  if (wanted.has('manifests')) put('manifests', gathered.objects.map(toManifest));
  if (wanted.has('apiSchemas'))
    put(
      'apiSchemas',
      await schemasFor(
        gathered.objects.map(({ object }) => object),
        options,
      ),
    );
  put('dockerfiles', gathered.dockerfiles);
  put('envFiles', gathered.envFiles);
  put('secretFiles', gathered.secretFiles);
  put('documents', gathered.documents);
  put('dashboards', gathered.dashboards);
  const comments = {
    waivers: onceAt(
      gathered.comments.flatMap(({ waivers }) => waivers),
      ({ where }) => where,
    ),
    unread: onceAt(
      gathered.comments.flatMap(({ unread }) => unread),
      (where) => where,
    ),
  };
  return { source: 'files', target, facts: facts as Snapshot['facts'], notSeen: gathered.notSeen, comments };
}

/** Several kustomizations may build upon one file. */
function onceAt<T>(found: readonly T[], whereOf: (item: T) => Location | undefined): readonly T[] {
  return [
    ...new Map(
      found.map((item) => {
        const where = whereOf(item);
        return [where === undefined ? item : formatLocation(where), item] as const;
      }),
    ).values(),
  ];
}

function toManifest({ object, locate, origin }: FoundObject): Resource {
  const outlined = object.kind === 'Secret' ? outlineOfSecret(object) : object;
  return { object: outlined, ref: refOf(outlined), locate, ...(origin === undefined ? {} : { origin }) };
}

function byFact(objects: readonly FoundObject[]): ReadonlyMap<FactName, readonly Resource[]> {
  const sorted = new Map<FactName, Resource[]>(
    PROVIDES.filter((fact) => KIND_FACTS.includes(fact as never)).map((fact) => [fact, []]),
  );
  for (const { object, locate, origin } of objects) {
    const shaped: KubernetesObject = object.kind === 'Secret' ? shapeOfSecret(object) : object;
    const kind = kindOf(shaped);
    if (kind !== undefined)
      sorted
        .get(kind.fact)
        ?.push({ object: shaped, ref: refOf(shaped), locate, ...(origin === undefined ? {} : { origin }) });
  }
  return sorted;
}

/** Reads a file for a caller that has no business with the disk of its own. */
export function readInput(file: string): string {
  return readBytes(file).toString('utf8');
}

/** The same for a file that may hold no text. */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${systemReason(error)}.`, { cause: error });
  }
}
