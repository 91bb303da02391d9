import type { KindSchema, SchemaNode } from '../../core/api-schemas.ts';
import { parseQuantity } from '../quantity.ts';
import { nodeAt } from '../schema/node-at.ts';
import { type FieldPath, hasKey, type ItemKey, keyValue } from './field-path.ts';
import { itemKeys } from './item-keys.ts';
import { isMadeByServer, isServersOwn } from './server-made.ts';

/** A field in which two forms of one object differ. */
export interface Difference {
  readonly path: FieldPath;
  readonly kind: 'changed' | 'absent' | 'extra';
  readonly declared: unknown;
  readonly live: unknown;
}

/** What an object is held to, where that is known; without it a field has no type. */
export interface Schemas {
  readonly kind: KindSchema | undefined;
  /** Of every object's metadata. */
  readonly metadata: KindSchema;
}

/**
 * `declared`: one side is as a file has it. What the file does not say is the server's to fill in, so only what it says is looked
 * for, and what the server writes otherwise than it was given (quantities, what is empty, dates) is the same. `served`: both sides come
 * from the server, so that every field counts, save for what the server makes by itself.
 */
export type Mode = 'declared' | 'served';

/**
 * The fields that differ. Lists are matched as the API server merges them: by the keys of their items where they have some, else by
 * their order; a list of plain values in which anything differs is told as a whole.
 */
export function compareObjects(declared: unknown, live: unknown, schemas: Schemas, mode: Mode): readonly Difference[] {
  const differences: Difference[] = [];
  const root: Place = schemas.kind === undefined ? UNTYPED : { schema: schemas.kind, node: schemas.kind.root };
  compare(root, declared, live, []);
  return differences;

  function compare(place: Place, wanted: unknown, found: unknown, path: FieldPath): void {
    if (isServersOwn(path)) return;
    if (isAbsent(wanted, place)) {
      if (mode === 'served' && !isAbsent(found, place)) extra(found, path);
    } else if (found === undefined || found === null) {
      if (mode === 'served' || !isDropped(wanted, place))
        differences.push({ path, kind: 'absent', declared: wanted, live: undefined });
    } else if (Array.isArray(wanted) && Array.isArray(found)) compareLists(place, wanted, found, path);
    else if (isRecord(wanted) && isRecord(found)) {
      for (const name of Object.keys({ ...wanted, ...found }))
        compare(partOf(place, name, path), own(wanted, name), own(found, name), [...path, name]);
    } else if (!isSame(wanted, found, place)) changed(wanted, found, path);
  }

  function compareLists(place: Place, wanted: readonly unknown[], found: readonly unknown[], path: FieldPath): void {
    const keys = itemKeys(path, place.node, place.schema?.custom === true, [wanted, found]);
    const item = itemOf(place);
    if (keys !== undefined) {
      const keyOf = (part: unknown): ItemKey => ({
        by: Object.fromEntries(keys.map((key) => [key, keyValue(part, key)])),
      });
      for (const part of wanted) {
        const key = keyOf(part);
        compare(
          item,
          part,
          found.find((other) => hasKey(other, key)),
          [...path, key],
        );
      }
      if (mode === 'served')
        for (const part of found)
          if (!wanted.some((other) => hasKey(other, keyOf(part)))) extra(part, [...path, keyOf(part)]);
      return;
    }
    const areRecords = [...wanted, ...found].every(isRecord);
    if (areRecords && wanted.length === found.length)
      for (const [index, part] of wanted.entries()) compare(item, part, found[index], [...path, index]);
    else if (areRecords || !isSameList(wanted, found, item)) changed(wanted, found, path);
  }

  function isSameList(wanted: readonly unknown[], found: readonly unknown[], item: Place): boolean {
    return wanted.length === found.length && wanted.every((part, index) => isSame(part, found[index], item));
  }

  function isSame(wanted: unknown, found: unknown, { node }: Place): boolean {
    if (wanted === found) return true;
    if (typeof wanted === 'object' || typeof found === 'object')
      return JSON.stringify(wanted) === JSON.stringify(found);
    if (node.type === 'quantity') return isSameQuantity(wanted, found);
    return node.format === 'date-time' && Date.parse(String(wanted)) === Date.parse(String(found));
  }

  function changed(wanted: unknown, found: unknown, path: FieldPath): void {
    differences.push({ path, kind: 'changed', declared: wanted, live: found });
  }

  function extra(found: unknown, path: FieldPath): void {
    if (!isMadeByServer(path, found)) differences.push({ path, kind: 'extra', declared: undefined, live: found });
  }

  function partOf(place: Place, name: string, path: FieldPath): Place {
    if (path.length === 0 && name === 'metadata') return { schema: schemas.metadata, node: schemas.metadata.root };
    return partOfPlace(place, name);
  }

  function isDropped(wanted: unknown, { node, schema }: Place): boolean {
    // A custom resource is kept as it was written.
    if (schema === undefined || schema.custom) return false;
    if (Array.isArray(wanted)) return wanted.length === 0;
    // A structure that is empty can mean something, as `emptyDir: {}` and `podSelector: {}` do; a map that is empty is dropped.
    if (isRecord(wanted)) return Object.keys(wanted).length === 0 && node.properties === undefined;
    return wanted === '' || wanted === 0 || wanted === false;
  }
}

/** Where one is in the schema. */
interface Place {
  readonly schema: KindSchema | undefined;
  readonly node: SchemaNode;
}

const UNTYPED: Place = { schema: undefined, node: {} };

function partOfPlace({ schema, node }: Place, name: string): Place {
  const known =
    node.properties !== undefined && Object.hasOwn(node.properties, name) ? node.properties[name] : node.values;
  if (schema === undefined || known === undefined) return { schema, node: {} };
  return { schema, node: nodeAt(schema.pack, known) };
}

function itemOf({ schema, node }: Place): Place {
  return schema === undefined || node.items === undefined
    ? { schema, node: {} }
    : { schema, node: nodeAt(schema.pack, node.items) };
}

/** The server forgets what is null, unless a custom resource may be. */
function isAbsent(value: unknown, { node }: Place): boolean {
  return value === undefined || (value === null && node.nullable !== true);
}

function isSameQuantity(wanted: unknown, found: unknown): boolean {
  const [a, b] = [wanted, found].map((value) =>
    typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined,
  );
  // A thousand thousandths are one, up to what a computer makes of it.
  return a !== undefined && b !== undefined && Math.abs(a - b) <= Math.abs(a) * 1e-12;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
