import type { FieldDrift, ObjectDrift } from '../../../core/drift.ts';
import { reasonOf } from '../../../core/errors.ts';
import type { KubernetesObject, Secret } from '../../../core/objects.ts';
import { refOf } from '../../../core/resource.ts';
import { maskSecrets } from '../../../core/secret-text.ts';
import type { Difference, Schemas } from '../../../kubernetes/drift/compare.ts';
import { driftOf } from '../../../kubernetes/drift/drift-of.ts';
import { formatFieldPath, numberedPath } from '../../../kubernetes/drift/field-path.ts';
import { showValues } from '../../../kubernetes/drift/show-values.ts';
import type { DeclaredObject } from '../../files/declarations.ts';
import type { KeyedHash } from '../../keyed-hash.ts';
import { shapeOfSecret } from '../../secret-shape.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../api-error.ts';
import { lacksTheRight, saysNothingOfObject } from '../refusal.ts';
import { pathOfVersion, type ServedKind } from './served-kinds.ts';

/** What objects are compared with. */
export interface Comparing {
  readonly api: Api;
  readonly hash: KeyedHash;
  /** Where an object is that names no namespace. */
  readonly namespace: string;
  servedKind(apiVersion: string, kind: string): Promise<ServedKind>;
  schemasOf(object: KubernetesObject): Schemas;
  /** An autoscaler, declared or live, sets the replicas of this object. */
  isScaled(object: KubernetesObject, live: KubernetesObject): boolean;
  /** Kinds, with their namespace, for which the server has refused patches. */
  readonly withoutRight: Map<string, string>;
}

/** Holds one declared object against the live one. Never throws for what the server answers. */
export async function compareObject(declared: DeclaredObject, comparing: Comparing): Promise<ObjectDrift> {
  const { apiVersion = '', kind, metadata } = declared.object;
  const served = await comparing.servedKind(apiVersion, kind);
  const namespace =
    served.served === true && !served.namespaced ? undefined : (metadata?.namespace ?? comparing.namespace);
  const object = placed(declared.object, namespace);
  const known = { ref: refOf(object), declaredAt: placeOf(declared, []), differences: [] };
  if (served.served === 'unknown') return { ...known, live: 'unknown', reason: safe(served.reason) };
  if (served.served === false) return { ...known, live: 'missing', reason: served.reason };
  const name = metadata?.name;
  if (!isPathPart(name) || (namespace !== undefined && !isPathPart(namespace)))
    return { ...known, live: 'unknown', reason: 'it has no name by which it could be found' };
  const path = [
    pathOfVersion(apiVersion),
    ...(namespace === undefined ? [] : ['namespaces', encodeURIComponent(namespace)]),
    served.plural,
    encodeURIComponent(name),
  ].join('/');
  try {
    const live = objectIn(await comparing.api.json(path), kind, name);
    return { ...known, ...(await held({ declared, object, live, path, comparing, served })) };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404)
      return { ...known, live: 'missing', reason: 'there is none', ...(isPassing(object) ? { isPassing: true } : {}) };
    return { ...known, live: 'unknown', reason: safe(reasonOf(error)) };
  }
}

/** The API server takes no other for a name; these two would lead to another place. */
function isPathPart(name: string | undefined): name is string {
  return name !== undefined && name !== '' && name !== '.' && name !== '..';
}

/** A Job that is taken away some time after its end has been there. */
function isPassing(object: KubernetesObject): boolean {
  const { spec } = object as KubernetesObject & { readonly spec?: { readonly ttlSecondsAfterFinished?: unknown } };
  return object.kind === 'Job' && typeof spec?.ttlSecondsAfterFinished === 'number';
}

interface Held {
  readonly declared: DeclaredObject;
  readonly object: KubernetesObject;
  readonly live: KubernetesObject;
  readonly path: string;
  readonly comparing: Comparing;
  readonly served: { readonly plural: string };
}

async function held(pair: Held): Promise<Pick<ObjectDrift, 'live' | 'comparedBy' | 'reason' | 'differences'>> {
  const { declared, object, live, comparing } = pair;
  const isSecret = object.kind === 'Secret';
  const sides = isSecret ? secretSides(object, shapeOfSecret(live, comparing.hash)) : { declared: object, live };
  const schemas = isSecret
    ? { metadata: comparing.schemasOf(object).metadata, kind: undefined }
    : comparing.schemasOf(object);
  const tried = isSecret ? { reason: SECRETS_STAY } : await tryApply(pair);
  const differences = driftOf({
    ...sides,
    ...('applied' in tried ? { applied: tried.applied } : {}),
    schemas,
    isScaled: comparing.isScaled(object, live),
  });
  const told = differences.map((difference) => toFieldDrift(difference, declared, object, comparing.hash));
  if ('applied' in tried) return { live: 'found', comparedBy: 'dry-run', differences: told };
  const reason = safe(tried.reason);
  const refused = refusedFields(tried.error, told, declared, object);
  // What the server refuses as it is written cannot be said to be there, unless the field that differs says why.
  if (tried.error !== undefined && !saysNothingOfObject(tried.error) && told.length + refused.length === 0)
    return { live: 'unknown', reason, differences: [] };
  return { live: 'found', comparedBy: 'fields', reason, differences: [...told, ...refused] };
}

const SECRETS_STAY = "a Secret's values are not sent anywhere";

type Tried = { readonly applied: object } | { readonly reason: string; readonly error?: ApiError };

/** Statuses that speak of the object or the right to patch it; of all others nothing can be concluded. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 405, 409, 415, 422]);

/** What the files would make of the object, or why the server would not say. Throws where asking failed altogether. */
async function tryApply({ object, path, comparing, served }: Held): Promise<Tried> {
  const right = `${object.apiVersion} ${served.plural} ${object.metadata?.namespace ?? ''}`;
  const known = comparing.withoutRight.get(right);
  if (known !== undefined) return { reason: known };
  try {
    const applied = await comparing.api.dryRunApply(path, bare(object));
    return { applied: objectIn(applied, object.kind, object.metadata?.name) };
  } catch (error) {
    if (!(error instanceof ApiError) || !REFUSALS.has(error.status ?? 0)) throw error;
    if (lacksTheRight(error.message)) comparing.withoutRight.set(right, error.message);
    return { reason: error.message, error };
  }
}

/** Without what an apply may not bring. */
function bare(object: KubernetesObject): object {
  const { status: _status, ...rest } = object as KubernetesObject & { readonly status?: unknown };
  const { name, namespace, labels, annotations, finalizers, ownerReferences } = (object.metadata ?? {}) as Readonly<
    Record<string, unknown>
  >;
  const kept = Object.entries({ name, namespace, labels, annotations, finalizers, ownerReferences });
  return { ...rest, metadata: Object.fromEntries(kept.filter(([, value]) => value !== undefined && value !== null)) };
}

/** Fields that the server says cannot be changed, where no difference has been found in them. */
function refusedFields(
  error: ApiError | undefined,
  told: readonly FieldDrift[],
  declared: DeclaredObject,
  object: KubernetesObject,
): readonly FieldDrift[] {
  return (error?.causes ?? [])
    .filter(
      ({ field, isImmutable }) => isImmutable && !told.some(({ path }) => path === field || path.startsWith(field)),
    )
    .map(({ field }) => ({
      path: field,
      kind: 'refused',
      declared: 'what is declared',
      live: 'something that cannot be changed into it',
      declaredAt: placeOf(declared, numberedPath(object, field.split('.'))),
    }));
}

/** The live object is of any shape until it is known to be what was asked for. */
function objectIn(answer: unknown, kind: string, name: string | undefined): KubernetesObject {
  const object = answer as Partial<KubernetesObject> | null;
  if (object?.kind !== kind || object.metadata?.name !== name)
    throw new ApiError('the answer is another object, so a proxy may answer in place of the API server');
  return object as KubernetesObject;
}

function placed(object: KubernetesObject, namespace: string | undefined): KubernetesObject {
  const { namespace: _written, ...metadata } = object.metadata ?? {};
  return { ...object, metadata: { ...metadata, ...(namespace === undefined ? {} : { namespace }) } };
}

/** A Secret as far as it can be compared: of each value a hash. A placeholder in a file says nothing of the live value. */
function secretSides(declared: Secret, live: Secret): { readonly declared: object; readonly live: object } {
  const hashes = Object.entries(declared.data ?? {}).map(([key, shape]) => [
    key,
    shape === 'filled' ? declared.hashes?.[key] : (live.hashes?.[key] ?? 'a placeholder'),
  ]);
  const { type } = declared;
  const { annotations: _annotations, ...metadata } = declared.metadata ?? {};
  return {
    declared: { metadata, ...(type === undefined ? {} : { type }), data: Object.fromEntries(hashes) },
    live: { metadata: live.metadata, type: live.type, data: live.hashes ?? {} },
  };
}

function toFieldDrift(
  difference: Difference,
  declared: DeclaredObject,
  object: KubernetesObject,
  hash: KeyedHash,
): FieldDrift {
  const isHashed = object.kind === 'Secret' && difference.path[0] === 'data';
  return {
    path: formatFieldPath(difference.path),
    kind: difference.kind,
    ...showValues(difference, isHashed ? (value) => value : (value) => hash(Buffer.from(value))),
    declaredAt: placeOf(declared, numberedPath(object, difference.path)),
  };
}

/** A place that is looked up now, and can be saved. */
function placeOf({ locate }: DeclaredObject, path: readonly (string | number)[]): ObjectDrift['declaredAt'] {
  const place = locate(path);
  return 'file' in place ? { file: place.file, line: place.line, column: place.column } : place;
}

function safe(reason: string): string {
  return maskSecrets(reason).replace(/\.$/, '');
}
