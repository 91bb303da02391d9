import type { KubernetesObject } from '../../../core/objects.ts';
import { groupOf, KINDS } from '../../../kubernetes/kinds.ts';
import type { DeclaredObject } from '../../files/declarations.ts';
import type { Permission } from '../permissions.ts';

/** What must be allowed to compare declared objects, and where; without a namespace it takes a ClusterRole. */
export interface DeclaredPermission extends Permission {
  readonly namespace?: string;
}

/** Kinds of Kubernetes itself that no namespace holds, beside those that a fact carries. */
const CLUSTER_WIDE: ReadonlySet<string> = new Set([
  'APIService',
  'CustomResourceDefinition',
  'DeviceClass',
  'FlowSchema',
  'GatewayClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttributesClass',
  'VolumeSnapshotClass',
]);

/**
 * The rights to get each declared object, and to have the server try an apply of it: of Secrets only the former. No cluster is asked,
 * so names of kinds that nobody knows here are made as Kubernetes guesses them.
 */
export function declaredPermissions(objects: readonly DeclaredObject[], home: string): readonly DeclaredPermission[] {
  const definitions = objects.map(({ object }) => object as Definition).filter(({ kind }) => kind === DEFINITION);
  const found = objects.flatMap(({ object }): readonly DeclaredPermission[] => {
    const { resource, clusterWide } = resourceOf(object, definitions);
    const common = {
      group: groupOf(object.apiVersion),
      resource,
      clusterWide,
      facts: ['drift'] as const,
      enriches: [],
      ...(clusterWide ? {} : { namespace: object.metadata?.namespace ?? home }),
    };
    const verbs = object.kind === 'Secret' ? (['get'] as const) : (['get', 'patch'] as const);
    return verbs.map((verb) => ({ ...common, verbs: [verb] }));
  });
  const once = new Map(found.map((permission) => [JSON.stringify(permission), permission]));
  return [...once.values()].toSorted((a, b) => sortKey(a).localeCompare(sortKey(b), 'en'));
}

const DEFINITION = 'CustomResourceDefinition';

interface Definition extends KubernetesObject {
  readonly spec?: {
    readonly group?: string;
    readonly scope?: string;
    readonly names?: { readonly kind?: string; readonly plural?: string };
  };
}

function resourceOf(object: KubernetesObject, definitions: readonly Definition[]) {
  const group = groupOf(object.apiVersion);
  const defined = definitions.find(({ spec }) => spec?.group === group && spec.names?.kind === object.kind)?.spec;
  if (defined?.names?.plural !== undefined)
    return { resource: defined.names.plural, clusterWide: defined.scope === 'Cluster' };
  const known = KINDS.find((kind) => kind.kind === object.kind && kind.group === group);
  if (known !== undefined) return { resource: known.plural, clusterWide: !known.namespaced };
  return {
    resource: pluralOf(object.kind),
    clusterWide: /^Cluster[A-Z]/.test(object.kind) || CLUSTER_WIDE.has(object.kind),
  };
}

/** As k8s.io/apimachinery/pkg/api/meta guesses it (UnsafeGuessKindToResource). */
function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith('endpoints')) return name;
  if (name.endsWith('s')) return `${name}es`;
  return name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`;
}

function sortKey({ verbs, group, resource }: Permission): string {
  return `${verbs.join()} ${group} ${resource}`;
}
