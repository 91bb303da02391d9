import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ApiSchemas, SCHEMA_VERSIONS } from '../../core/api-schemas.ts';
import { UserError } from '../../core/errors.ts';
import type { NotSeen } from '../../core/facts.ts';
import type { Location, Path } from '../../core/location.ts';
import type { KubernetesObject, Secret } from '../../core/objects.ts';
import type { KeyedHash } from '../keyed-hash.ts';
import { shapeOfSecret } from '../secret-shape.ts';
import { schemasFor } from './api-schemas.ts';
import { type FilesOptions, type Gathered, gather, isPattern } from './gather.ts';
import { isKustomization } from './kustomization.ts';
import type { FoundObject } from './manifest.ts';

/** An object that files declare. Of a Secret there are hashes and shapes, and no value. */
export interface DeclaredObject {
  readonly object: KubernetesObject;
  locate(path: Path): Location;
}

export interface Declared {
  readonly objects: readonly DeclaredObject[];
  readonly schemas: ApiSchemas;
  /** What of the files could not be read, or built. */
  readonly notSeen: readonly NotSeen[];
}

/** What files say that a cluster should have. */
export interface Declarations {
  /** Throws UserError where there is nothing to read. */
  read(hash: KeyedHash, where: Destination): Promise<Declared>;
}

/** Where the objects would go. */
export interface Destination {
  /** Of objects, and of charts, that name none. */
  readonly namespace: string;
  /** The server's, such as `v1.37.2`; the newest that is known where it would not tell. */
  readonly version?: string | undefined;
}

/**
 * The objects of files, folders, kustomizations and charts, as they would be applied. They are read when it is known where they would
 * go; that a path leads nowhere is told at once, as a UserError.
 */
export function declarationsIn(options: FilesOptions): Declarations {
  const target = options.paths.join(' ');
  const nowhere = options.paths.find(
    (path) => path !== '-' && !isPattern(path) && !existsSync(resolve(options.cwd, path)),
  );
  if (nowhere !== undefined)
    throw new UserError(`${nowhere} does not exist.`, {
      hint: 'Check --against: give a file, a folder or - for standard input.',
    });
  const gathered = new Map<string, Promise<Gathered>>();
  return {
    async read(hash, { namespace, version }) {
      const kubernetes = SCHEMA_VERSIONS.find((known) => version?.startsWith(`v${known}.`));
      const chosen = {
        ...options,
        charts: { values: [], namespace, ...options.charts },
        ...(kubernetes === undefined ? {} : { kubernetes }),
      };
      // Several clusters are mostly compared with the same objects, and standard input can be read once.
      const key = `${namespace} ${kubernetes}`;
      const reading = gathered.get(key) ?? gather({ ...chosen, asApplied: true });
      gathered.set(key, reading);
      const found = await reading;
      if (found.objects.length === 0 && found.notSeen.length === 0)
        throw new UserError(`No Kubernetes manifest was found in ${target}.`, {
          hint: 'Give with --against what is applied to the cluster: files, a folder, a kustomization or a chart.',
        });
      const { objects, notSeen } = appliedOf(found);
      return {
        objects: objects.map((object) => toDeclared(object, hash)),
        schemas: await schemasFor(
          objects.map(({ object }) => object),
          chosen,
        ),
        notSeen,
      };
    },
  };
}

/** Leaves out what is no object of a cluster, and what only looks like one until it is built. */
function appliedOf({ objects, notSeen }: Gathered): {
  readonly objects: readonly FoundObject[];
  readonly notSeen: readonly NotSeen[];
} {
  const kustomizations = objects.filter(isKustomization);
  const generators = new Set(kustomizations.map(({ file }) => file));
  const unbuilt = notSeen
    .filter(({ what, unusable }) => unusable !== true && /(?:^|\/)kustomization(?:\.ya?ml)?$/i.test(what))
    .map(({ what }) => (dirname(what) === '.' ? '' : `${dirname(what)}/`));
  const generated = objects.filter((found) => generators.has(found.file) && !isKustomization(found));
  return {
    objects: objects.filter(
      (found) =>
        !generators.has(found.file) && isKept(found) && !unbuilt.some((folder) => found.file.startsWith(folder)),
    ),
    notSeen: [
      ...notSeen,
      ...[...new Set(generated.map(({ file }) => file))].map((file) => ({
        what: file,
        reason: 'what its generators make is known only when it is built; give its folder to --against',
      })),
    ],
  };
}

/** Not what is for the tools that read the files, nor a hook, which Helm applies when it is its time, and forgets. */
function isKept({ object }: FoundObject): boolean {
  const { annotations } = object.metadata ?? {};
  return annotations?.['config.kubernetes.io/local-config'] !== 'true' && annotations?.['helm.sh/hook'] === undefined;
}

function toDeclared({ object, locate }: FoundObject, hash: KeyedHash): DeclaredObject {
  if (object.kind !== 'Secret') return { object, locate };
  const { stringData = {} } = object as Secret & { readonly stringData?: Readonly<Record<string, unknown>> };
  const written = stringData === null ? {} : stringData;
  return {
    object: shapeOfSecret(object, hash),
    // The server keeps what was written as stringData under data.
    locate: ([field, key, ...rest]) =>
      locate(
        field === 'data' && key !== undefined && Object.hasOwn(written, key)
          ? ['stringData', key, ...rest]
          : [field, key, ...rest].filter((step) => step !== undefined),
      ),
  };
}
