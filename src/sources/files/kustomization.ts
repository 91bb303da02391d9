import { dirname, join } from 'node:path';
import type { KubernetesObject } from '../../core/objects.ts';
import type { FoundObject } from './manifest.ts';

/** What a kustomization adds to, or takes from, the objects around it. */
export interface KustomizationView {
  /** Objects that its generators will make: names and keys, no value. */
  readonly generated: readonly FoundObject[];
  /** Files that are patches to other objects, not objects of their own. */
  readonly patchFiles: readonly string[];
}

interface Kustomization extends KubernetesObject {
  readonly secretGenerator?: readonly Generator[];
  readonly configMapGenerator?: readonly Generator[];
  readonly patches?: readonly { readonly path?: string }[];
  readonly patchesStrategicMerge?: readonly string[];
}

interface Generator {
  readonly name?: string;
  readonly namespace?: string;
  readonly literals?: readonly string[];
  readonly files?: readonly string[];
  readonly envs?: readonly string[];
}

export function isKustomization({ object }: FoundObject): boolean {
  return object.kind === 'Kustomization' && (object.apiVersion ?? '').startsWith('kustomize.config.k8s.io/');
}

/** Reads one kustomization; `envKeys` tells the settings of an env file that a generator names. */
export function viewKustomization(found: FoundObject, envKeys: (file: string) => readonly string[]): KustomizationView {
  const kustomization = found.object as Kustomization;
  const folder = dirname(found.file);
  const generate = (kind: 'Secret' | 'ConfigMap', field: 'secretGenerator' | 'configMapGenerator') =>
    (kustomization[field] ?? []).map((generator, index): FoundObject => {
      const keys = [
        ...(generator.literals ?? []).map((literal) => literal.split('=')[0] ?? ''),
        ...(generator.files ?? []).map((file) =>
          file.includes('=') ? (file.split('=')[0] ?? '') : (file.split('/').at(-1) ?? ''),
        ),
        ...(generator.envs ?? []).flatMap((file) => envKeys(join(folder, file))),
      ];
      const filled = kind === 'Secret' ? Buffer.from('set by the generator').toString('base64') : '';
      const object: KubernetesObject & { readonly data: Readonly<Record<string, string>> } = {
        apiVersion: 'v1',
        kind,
        metadata: {
          name: generator.name ?? '',
          ...(generator.namespace === undefined ? {} : { namespace: generator.namespace }),
        },
        data: Object.fromEntries(keys.map((key) => [key, filled])),
      };
      return { object, file: found.file, locate: () => found.locate([field, index]) };
    });
  return {
    generated: [...generate('Secret', 'secretGenerator'), ...generate('ConfigMap', 'configMapGenerator')],
    patchFiles: [
      ...(kustomization.patches ?? []).map(({ path }) => path),
      ...(kustomization.patchesStrategicMerge ?? []),
    ]
      .filter((path) => path !== undefined)
      .map((path) => join(folder, path)),
  };
}
