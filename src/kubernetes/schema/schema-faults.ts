import type { ApiSchemas, KindSchema, SchemaNode } from '../../core/api-schemas.ts';
import type { Path } from '../../core/location.ts';
import { nearest } from '../../core/nearest.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import type { Fault } from '../fault.ts';
import { nodeAt } from './node-at.ts';
import { boundFaults } from './value-bounds.ts';
import { typeFault } from './value-type.ts';

/**
 * Holds an object to its schema as the API server does: types of Kubernetes itself as Go decodes them, where null is as
 * good as absent, and custom resources, completed by their defaults, as structural schemas, where it is not.
 */
export function schemaFaults(object: KubernetesObject, schema: KindSchema, schemas: ApiSchemas): readonly Fault[] {
  const faults: Fault[] = [];
  readerOf(schema, schemas, faults, true)(schema.root, object, []);
  return faults;
}

/**
 * Required by the schema of Kubernetes, and not by its server: a spec, which may be empty where nothing in it is demanded; the limits of
 * a LimitRange, the value of a header, the seconds of a sleep, the Secret of a ScaleIO volume; and the group of a role, which it fills in.
 * A status is none of the author's, and the server forgets it.
 */
const NOT_DEMANDED: ReadonlySet<string> = new Set(['apiGroup', 'limits', 'seconds', 'secretRef', 'spec', 'value']);

type Reader = (node: SchemaNode, value: unknown, path: Path) => void;

/** Alternatives only constrain values: which fields there are is the business of the structure around them. */
function readerOf({ pack, custom }: KindSchema, schemas: ApiSchemas, faults: Fault[], isStructure: boolean): Reader {
  const at = (number: number): SchemaNode => nodeAt(pack, number);
  const read: Reader = (node, value, path) => {
    if (node.isMetadata === true) {
      readerOf(schemas.metadata, schemas, faults, true)(schemas.metadata.root, value, path);
      return;
    }
    if (value === undefined) return;
    if (value === null) {
      if (custom && node.type !== undefined && node.nullable !== true)
        faults.push({ path, what: 'the value is null', observed: 'null', expected: 'a value' });
      return;
    }
    const wrong = typeFault(node, value, custom);
    if (wrong !== undefined) {
      faults.push({ path, ...wrong, ...(custom ? {} : { unreadable: true }) });
      return;
    }
    faults.push(...boundFaults(node, value, path, custom));
    if (Array.isArray(value)) readItems(node, value, path);
    else if (typeof value === 'object') readFields(node, value as Readonly<Record<string, unknown>>, path);
    if (custom) readAlternatives(node, value, path);
  };

  const readItems = (node: SchemaNode, value: readonly unknown[], path: Path) => {
    if (node.items === undefined) return;
    const items = at(node.items);
    // Go reads an item that is null as one without any field.
    const empty = !custom && items.type === 'object' ? {} : null;
    for (const [index, item] of value.entries()) read(items, item ?? empty, [...path, index]);
  };

  const readFields = (node: SchemaNode, value: Readonly<Record<string, unknown>>, path: Path) => {
    const { properties, values } = node;
    const open = node.open === true || (!custom && properties === undefined && values === undefined);
    for (const [key, part] of Object.entries(value)) {
      const known = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : values;
      if (known !== undefined) read(at(known), part, [...path, key]);
      else if (!open && isStructure) faults.push(unknownField(key, Object.keys(properties ?? {}), path, value));
    }
    for (const name of node.required ?? []) {
      const part = value[name];
      if (custom ? part !== undefined : !isZero(part) || NOT_DEMANDED.has(name) || path[0] === 'status') continue;
      faults.push({ path: [...path, name], what: `the field ${name} is missing`, observed: 'nothing', expected: name });
    }
  };

  const fits = (number: number, value: unknown) => {
    const found: Fault[] = [];
    readerOf({ pack, root: at(number), custom }, schemas, found, false)(at(number), value, []);
    return found.length === 0;
  };

  const readAlternatives = (node: SchemaNode, value: unknown, path: Path) => {
    const refuse = (what: string) =>
      faults.push({ path, what, observed: 'what is written', expected: 'a form that the schema allows' });
    for (const number of node.allOf ?? [])
      if (!fits(number, value)) refuse('the value breaks a condition of its schema');
    if (node.anyOf !== undefined && !node.anyOf.some((number) => fits(number, value)))
      refuse('the value fits none of the forms that its schema allows');
    if (node.oneOf !== undefined && node.oneOf.filter((number) => fits(number, value)).length !== 1)
      refuse('the value does not fit exactly one of the forms that its schema allows');
    if (node.not !== undefined && fits(node.not, value)) refuse('the value has a form that its schema forbids');
  };
  return read;
}

/** Go knows no difference between a text that is missing and one that is empty. */
function isZero(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function unknownField(key: string, known: readonly string[], path: Path, beside: object): Fault {
  const near = nearest(key, known);
  return {
    path: [...path, key],
    what: `the field ${key} does not exist${near === undefined ? '' : `; did you mean ${near}`}`,
    observed: key,
    expected: near ?? 'a field of the schema',
    fix: near === undefined ? `Take ${key} away, or move it to where it belongs.` : `Write ${near} in place of ${key}.`,
    ...(near === undefined || Object.hasOwn(beside, near) ? {} : { rename: near }),
  };
}
