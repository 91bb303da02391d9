import type { Path } from '../../core/location.ts';
import type { KubernetesObject } from '../../core/objects.ts';

interface Rule {
  readonly kinds: readonly string[];
  /** What nobody may change; all that is beside the ones that may, where `but` names those. */
  readonly path: Path;
  readonly but?: readonly string[];
  /** Only where both say it: the API server fills it in otherwise. */
  readonly whereBoth?: true;
}

/** Fields that an update may not change, after the validation of updates in kubernetes/pkg/apis. */
const RULES: readonly Rule[] = [
  { kinds: ['Deployment', 'DaemonSet', 'ReplicaSet'], path: ['spec', 'selector'] },
  {
    kinds: ['StatefulSet'],
    path: ['spec'],
    but: [
      'replicas',
      'ordinals',
      'template',
      'updateStrategy',
      'revisionHistoryLimit',
      'persistentVolumeClaimRetentionPolicy',
      'minReadySeconds',
    ],
  },
  { kinds: ['Job'], path: ['spec', 'template'] },
  { kinds: ['Job'], path: ['spec', 'completionMode'] },
  { kinds: ['Service'], path: ['spec', 'clusterIP'], whereBoth: true },
  {
    kinds: ['PersistentVolumeClaim'],
    path: ['spec'],
    but: ['resources', 'volumeAttributesClassName', 'volumeName', 'volumeMode'],
  },
  { kinds: ['RoleBinding', 'ClusterRoleBinding'], path: ['roleRef'] },
  { kinds: ['StorageClass'], path: ['provisioner'] },
  { kinds: ['StorageClass'], path: ['parameters'] },
  { kinds: ['StorageClass'], path: ['reclaimPolicy'], whereBoth: true },
  { kinds: ['StorageClass'], path: ['volumeBindingMode'], whereBoth: true },
  { kinds: ['PriorityClass'], path: ['value'] },
  { kinds: ['IngressClass'], path: ['spec', 'controller'] },
  { kinds: ['Secret'], path: ['type'], whereBoth: true },
];

/** A field in which two manifests of one object differ although no update may change it; undefined where there is none. */
export function immutableDifference(first: KubernetesObject, second: KubernetesObject): Path | undefined {
  const isFixed = 'immutable' in first && first.immutable === true;
  if (isFixed && (first.kind === 'ConfigMap' || first.kind === 'Secret') && differs(first, second, ['data']))
    return ['data'];
  for (const { kinds, path, but = [], whereBoth } of RULES) {
    if (!kinds.includes(first.kind)) continue;
    if (whereBoth === true && (valueAt(first, path) === undefined || valueAt(second, path) === undefined)) continue;
    if (but.length === 0) {
      if (differs(first, second, path)) return path;
      continue;
    }
    const fields = new Set([first, second].flatMap((object) => Object.keys(valueAt(object, path) ?? {})));
    const changed = [...fields].find((field) => !but.includes(field) && differs(first, second, [...path, field]));
    if (changed !== undefined) return [...path, changed];
  }
  return undefined;
}

function differs(first: KubernetesObject, second: KubernetesObject, path: Path): boolean {
  return canonical(valueAt(first, path)) !== canonical(valueAt(second, path));
}

function valueAt(object: unknown, path: Path): object | undefined {
  return path.reduce<unknown>(
    (value, step) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[step],
    object,
  ) as object | undefined;
}

/** The order of fields is nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
