import { dirname } from 'node:path';
import { type ApiSchemas, SCHEMA_VERSIONS } from '../../core/api-schemas.ts';
import { UserError } from '../../core/errors.ts';
import type { NotSeen } from '../../core/facts.ts';
import { lazily } from '../../core/lazily.ts';
import type { Location, Path } from '../../core/location.ts';
import type { KubernetesObject, Secret } from '../../core/objects.ts';
import type { KeyedHash } from '../keyed-hash.ts';
import { shapeOfSecret } from '../secret-shape.ts';
import { schemasFor } from './api-schemas.ts';
import { type FilesOptions, type Gathered, gather } from './gather.ts';
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
  /** The paths as a person wrote them. */
  readonly target: string;
  /** Reads them once. `version` is the server's, such as `v1.37.2`. Throws UserError where there is nothing to read. */
  read(hash: KeyedHash, version?: string): Promise<Declared>;
}

/** The objects of files, folders, kustomizations and charts, as they would be applied. */
export function declarationsIn(options: FilesOptions): Declarations {
  const target = options.paths.join(' ');
  const gathered = lazily(() => gather({ ...options, asApplied: true }));
  return {
    target,
    async read(hash, version) {
      const found = await gathered();
      if (found.objects.length === 0 && found.notSeen.length === 0)
        throw new UserError(`No Kubernetes manifest was found in ${target}.`, {
          hint: 'Give with --against what is applied to the cluster: files, a folder, a kustomization or a chart.',
        });
      const { objects, notSeen } = appliedOf(found);
      const kubernetes = SCHEMA_VERSIONS.find((known) => version?.startsWith(`v${known}.`));
      return {
        objects: objects.map((object) => toDeclared(object, hash)),
        schemas: await schemasFor(
          objects.map(({ object }) => object),
          { ...options, ...(kubernetes === undefined ? {} : { kubernetes }) },
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
