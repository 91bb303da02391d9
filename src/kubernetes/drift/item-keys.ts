import type { SchemaNode } from '../../core/api-schemas.ts';
import { keyValue } from './field-path.ts';

/**
 * What tells the items of a list apart, for lists whose order does not count: `x-kubernetes-list-map-keys` of Kubernetes' own
 * types (https://github.com/kubernetes/kubernetes/tree/master/api/openapi-spec/v3), by the name of the field. The packs of
 * schemas keep it of custom resources only.
 */
const KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  containers: [['name']],
  initContainers: [['name']],
  ephemeralContainers: [['name']],
  env: [['name']],
  ports: [
    ['containerPort', 'protocol'],
    ['port', 'protocol'],
  ],
  volumes: [['name']],
  volumeMounts: [['mountPath']],
  volumeDevices: [['devicePath']],
  resourceClaims: [['name']],
  claims: [['name']],
  imagePullSecrets: [['name']],
  secrets: [['name']],
  hostAliases: [['ip']],
  topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
  schedulingGates: [['name']],
  webhooks: [['name']],
  ownerReferences: [['uid']],
  finalizers: [['']],
};

/** Lists of this name whose order counts all the same, by the field that they stand below. */
const ORDERED_BELOW: Readonly<Record<string, ReadonlySet<string>>> = { ports: new Set(['ingress', 'egress']) };

/** The fields that tell the items of two lists apart, or undefined where their order counts, or they cannot be told apart by them. */
export function itemKeys(
  path: readonly unknown[],
  node: SchemaNode,
  isCustom: boolean,
  lists: readonly (readonly unknown[])[],
): readonly string[] | undefined {
  const candidates = isCustom ? (node.uniqueBy === undefined ? [] : [keysOrSelf(node.uniqueBy)]) : builtInKeys(path);
  return candidates.find((keys) => lists.every((list) => areUnique(list, keys)));
}

function builtInKeys(path: readonly unknown[]): readonly (readonly string[])[] {
  const name = path.at(-1);
  if (typeof name !== 'string' || !Object.hasOwn(KEYS, name)) return [];
  return path.some((step) => ORDERED_BELOW[name]?.has(String(step))) ? [] : (KEYS[name] ?? []);
}

/** A set's items are their own keys. */
function keysOrSelf(uniqueBy: readonly string[]): readonly string[] {
  return uniqueBy.length === 0 ? [''] : uniqueBy;
}

function areUnique(list: readonly unknown[], keys: readonly string[]): boolean {
  const seen = new Set<string>();
  for (const item of list) {
    const values = keys.map((key) => keyValue(item, key));
    // The protocol of a port has a default, and what else a key may lack has one that is not known here.
    if (values.some((value) => value === undefined || typeof value === 'object')) return false;
    seen.add(JSON.stringify(values));
  }
  return seen.size === list.length;
}
