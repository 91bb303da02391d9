import type { ApiSchemas, KindSchema } from '../../core/api-schemas.ts';
import type { Facts } from '../../core/facts.ts';
import type { Resource } from '../../core/resource.ts';
import type { Fault } from '../../kubernetes/fault.ts';
import { groupOf } from '../../kubernetes/kinds.ts';
import { removedApi } from '../../kubernetes/removed-apis.ts';
import { ruleFaults, type UnjudgedRule } from '../../kubernetes/schema/rule-faults.ts';
import { schemaFaults } from '../../kubernetes/schema/schema-faults.ts';
import { withDefaults } from '../../kubernetes/schema/with-defaults.ts';

/** The facts that a check of objects as the API server sees them needs. */
export const SERVED_FACTS = ['manifests', 'apiSchemas'] as const;

/** An object that somebody would send to the API server, with what its schema finds. */
export interface ServedObject {
  readonly resource: Resource;
  /** Undefined where nobody has told of this kind. */
  readonly schema: KindSchema | undefined;
  readonly faults: readonly Fault[];
  /** Rules of its definition that cannot be evaluated here. */
  readonly unjudged: readonly UnjudgedRule[];
}

/** Configuration of programs that only looks like an object: no API server ever sees it. */
const NEVER_SERVED =
  /^(?:kustomize\.config\.k8s\.io|kind\.x-k8s\.io|k3d\.io|skaffold|kubeadm\.k8s\.io|[a-z]+\.config\.k8s\.io)$/;

const KEPT = new WeakMap<readonly Resource[], readonly ServedObject[]>();

/**
 * The objects that an API server would see. Those in a version that was removed are the business of schema/deprecated-api. Several
 * checks ask of the same manifests, which are read once.
 */
export function servedObjects({
  manifests,
  apiSchemas,
}: Pick<Facts, (typeof SERVED_FACTS)[number]>): readonly ServedObject[] {
  const kept = KEPT.get(manifests);
  if (kept !== undefined) return kept;
  const served = manifests
    .filter(({ object }) => !NEVER_SERVED.test(groupOf(object.apiVersion)) && removedApi(object) === undefined)
    .map((resource) => toServed(resource, apiSchemas));
  KEPT.set(manifests, served);
  return served;
}

function toServed(resource: Resource, schemas: ApiSchemas): ServedObject {
  const { object } = resource;
  const schema = schemas.schemaOf(object.apiVersion ?? '', object.kind);
  if (schema === undefined) return { resource, schema, faults: [], unjudged: [] };
  const completed = schema.custom ? withDefaults(object, schema) : object;
  const faults = schemaFaults(completed, schema, schemas);
  // The server asks the rules of objects whose structure is right.
  if (faults.length > 0 || !schema.custom) return { resource, schema, faults, unjudged: [] };
  return { resource, schema, ...ruleFaults(completed, schema, schemas) };
}
