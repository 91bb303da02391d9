import { compareObjects, type Difference, type Schemas } from './compare.ts';
import { type FieldPath, type FieldStep, valueAt } from './field-path.ts';
import { isMadeByServer } from './server-made.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** One who wrote fields of an object (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management). */
interface FieldManager {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: FieldSet;
}
type FieldSet = { readonly [field: string]: FieldSet };

/** Programs that write what a person, or a pipeline, tells them to. All others are controllers. */
const HANDS = /^(?:kubectl|oc)(?:-|$)|^(?:k9s|Mozilla|node-fetch|helm|Helm|terraform|Terraform|pulumi)/;
/** Those that send whole objects: what the server fills in stands under their name too. */
const WHOLE_OBJECTS =
  /^(?:kubectl(?:$|-(?:client-side-apply|create|replace|run|expose|autoscale))|helm|Helm|terraform|Terraform|pulumi)/;
/** Maps in which the server fills in nothing. */
const FREE_MAPS: ReadonlySet<string> = new Set([
  'annotations',
  'binaryData',
  'data',
  'labels',
  'limits',
  'matchLabels',
  'nodeSelector',
  'requests',
]);

/**
 * Fields that only the cluster has although somebody put them there: left over from an earlier apply (`kubectl apply` keeps what it
 * applied in an annotation, a server-side apply keeps it as ownership), or written by hand. What controllers, defaults and
 * admission set is none of it. Lists and maps that have one owner as a whole are looked into only where `wholes` says so: a
 * dry run tells better what is too many in them.
 */
export function leftovers(declared: object, live: object, schemas: Schemas, wholes: boolean): readonly Difference[] {
  const { annotations = {}, managedFields = [] } = ((live as { metadata?: unknown }).metadata ?? {}) as {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly FieldManager[];
  };
  const found = [
    ...appliedBefore(annotations[LAST_APPLIED], declared, live, schemas),
    ...managedFields
      .filter((entry) => entry.subresource === undefined || entry.subresource === '')
      .flatMap((entry) => ownedBy(entry, declared, live, wholes ? schemas : undefined)),
  ];
  return found.filter(({ path, live: value }) => !isMadeByServer(path, value));
}

function appliedBefore(
  lastApplied: string | undefined,
  declared: object,
  live: object,
  schemas: Schemas,
): readonly Difference[] {
  const applied = parse(lastApplied);
  if (applied === undefined) return [];
  return compareObjects(declared, applied, schemas, 'served').flatMap(({ kind, path }): readonly Difference[] => {
    const value = valueAt(live, path);
    return kind === 'extra' && value !== undefined ? [{ path, kind, declared: undefined, live: value }] : [];
  });
}

function parse(text: string | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function ownedBy(
  { manager = '', operation, fieldsV1 }: FieldManager,
  declared: object,
  live: object,
  schemas: Schemas | undefined,
): readonly Difference[] {
  if (fieldsV1 === undefined) return [];
  const isApplied = operation === 'Apply' && (HANDS.test(manager) || appliesMost(fieldsV1, declared));
  if (!isApplied && !HANDS.test(manager)) return [];
  const freeOnly = !isApplied && WHOLE_OBJECTS.test(manager);
  return walk(fieldsV1, declared, live, [], schemas).filter(
    // Of whole objects, only what lies in data of a ConfigMap or Secret is surely none of the server's.
    ({ path }) => !freeOnly || path[0] === 'data' || path[0] === 'binaryData',
  );
}

/** Whoever applied more than half of what the files say is the one who applies these files, by whatever name. */
function appliesMost(fields: FieldSet, declared: object): boolean {
  const total = leavesOf(declared);
  return total > 0 && covered(fields, declared) * 2 > total;
}

function leavesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, part) => sum + leavesOf(part), 0);
}

function covered(fields: FieldSet, declared: unknown): number {
  return Object.entries(fields).reduce((sum, [field, below]) => {
    const step = stepOf(field);
    const part = step === undefined ? undefined : valueAt(declared, [step]);
    if (part === undefined) return sum;
    return sum + (Object.keys(below).length === 0 ? leavesOf(part) : covered(below, part));
  }, 0);
}

function walk(
  fields: FieldSet,
  declared: unknown,
  live: unknown,
  path: FieldPath,
  schemas: Schemas | undefined,
): readonly Difference[] {
  return Object.entries(fields).flatMap(([field, below]): readonly Difference[] => {
    const step = stepOf(field);
    if (step === undefined) return [];
    const found = valueAt(live, [step]);
    if (found === undefined) return [];
    const wanted = valueAt(declared, [step]);
    const here = [...path, step];
    const isLeaf = Object.keys(below).every((name) => name === '.');
    if (wanted === undefined || wanted === null) return extrasAt(below, found, here);
    if (!isLeaf) return walk(below, wanted, found, here, schemas);
    return schemas === undefined ? [] : extrasWithin(wanted, found, here, schemas);
  });
}

/** The field itself, or what lies in it where that alone says what was added. */
function extrasAt(fields: FieldSet, found: unknown, path: FieldPath): readonly Difference[] {
  const parts = Object.keys(fields).filter((field) => field !== '.');
  const name = path.at(-1);
  const isItem = typeof name === 'object';
  const goesOn = parts.length > 0 && !isItem && (parts.length === 1 || FREE_MAPS.has(String(name)));
  if (!goesOn) return [{ path, kind: 'extra', declared: undefined, live: found }];
  return parts.flatMap((field) => {
    const step = stepOf(field);
    const value = step === undefined ? undefined : valueAt(found, [step]);
    return step === undefined || value === undefined ? [] : extrasAt(fields[field] ?? {}, value, [...path, step]);
  });
}

/** A list or a map that is owned as a whole (`x-kubernetes-list-type: atomic`) may hold more than is declared. */
function extrasWithin(wanted: unknown, found: unknown, path: FieldPath, schemas: Schemas): readonly Difference[] {
  if (typeof wanted !== 'object' || typeof found !== 'object') return [];
  return compareObjects(nest(path, wanted), nest(path, found), { ...schemas, kind: undefined }, 'served').filter(
    ({ kind }) => kind === 'extra',
  );
}

/** A value at its path and nothing beside it; an item stands in a list of its own. */
function nest(path: FieldPath, value: unknown): unknown {
  return path.reduceRight<unknown>(
    (inner, step) =>
      typeof step === 'object'
        ? [typeof inner === 'object' && !Array.isArray(inner) ? Object.assign({}, step.by, inner) : inner]
        : typeof step === 'number'
          ? [inner]
          : { [step]: inner },
    value,
  );
}

/** `f:image` is a field, `k:{"name":"qna"}` an item by its key, `v:"x"` an item of a set; `.` is the place itself. */
function stepOf(field: string): FieldStep | undefined {
  const [kind, text] = [field.slice(0, 2), field.slice(2)];
  if (kind === 'f:') return text;
  if (kind !== 'k:' && kind !== 'v:') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (kind === 'v:') return { by: { '': value } };
    return { by: value as Readonly<Record<string, unknown>> };
  } catch {
    return undefined;
  }
}
