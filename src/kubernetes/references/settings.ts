import type { Path } from '../../core/location.ts';
import { containersOf, type Workload } from '../workload.ts';

/** A workload's need of a Secret or a ConfigMap. */
export interface Reference {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  /** Absent where the whole object is taken. */
  readonly key?: string;
  readonly optional: boolean;
  readonly path: Path;
  /** The workload, or the container of it, that has the need. */
  readonly subject: string;
  /** Set where the reference becomes an environment variable. */
  readonly env?: string;
}

/** Every reference of a workload: env, envFrom, volumes, projected volumes and image pull secrets. */
export function referencesOf(workload: Workload): readonly Reference[] {
  return [...containersOf(workload).flatMap(environmentOf), ...volumesOf(workload), ...pullSecretsOf(workload)];
}

function environmentOf({ container, path, subject }: ReturnType<typeof containersOf>[number]): readonly Reference[] {
  const single = (container.env ?? []).flatMap((variable, index) =>
    (
      [
        ['Secret', 'secretKeyRef'],
        ['ConfigMap', 'configMapKeyRef'],
      ] as const
    ).flatMap(([kind, field]) => {
      const ref = variable.valueFrom?.[field];
      if (ref == null) return [];
      return [
        {
          kind,
          name: ref.name ?? '',
          key: ref.key ?? '',
          optional: ref.optional === true,
          path: [...path, 'env', index, 'valueFrom', field],
          subject,
          env: variable.name ?? '',
        },
      ];
    }),
  );
  const whole = (container.envFrom ?? []).flatMap((source, index) =>
    (
      [
        ['Secret', 'secretRef'],
        ['ConfigMap', 'configMapRef'],
      ] as const
    ).flatMap(([kind, field]) => {
      const ref = source[field];
      if (ref == null) return [];
      return [
        {
          kind,
          name: ref.name ?? '',
          optional: ref.optional === true,
          path: [...path, 'envFrom', index, field],
          subject,
        },
      ];
    }),
  );
  return [...single, ...whole];
}

interface VolumeReference {
  readonly name?: string;
  readonly items?: readonly { readonly key?: string }[];
  readonly optional?: boolean;
}

function volumesOf({ spec, specPath, resource }: Workload): readonly Reference[] {
  const of = (kind: Reference['kind'], ref: VolumeReference | undefined, path: Path): readonly Reference[] => {
    if (ref == null) return [];
    const base = { kind, name: ref.name ?? '', optional: ref.optional === true, subject: resource.ref };
    if (ref.items === undefined) return [{ ...base, path }];
    return ref.items.map(({ key = '' }, index) => ({ ...base, key, path: [...path, 'items', index] }));
  };
  return (spec.volumes ?? []).flatMap(({ secret, configMap, projected }, index) => {
    const path = [...specPath, 'volumes', index];
    return [
      ...of('Secret', secret && { ...secret, name: secret.secretName ?? '' }, [...path, 'secret']),
      ...of('ConfigMap', configMap, [...path, 'configMap']),
      ...(projected?.sources ?? []).flatMap((source, nth) => [
        ...of('Secret', source.secret, [...path, 'projected', 'sources', nth, 'secret']),
        ...of('ConfigMap', source.configMap, [...path, 'projected', 'sources', nth, 'configMap']),
      ]),
    ];
  });
}

function pullSecretsOf({ spec, specPath, resource }: Workload): readonly Reference[] {
  return (spec.imagePullSecrets ?? []).map(({ name = '' }, index) => ({
    kind: 'Secret' as const,
    name,
    optional: false,
    path: [...specPath, 'imagePullSecrets', index],
    subject: resource.ref,
  }));
}
