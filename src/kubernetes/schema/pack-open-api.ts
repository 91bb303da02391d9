import type { SchemaNode, SchemaPack, SchemaRule } from '../../core/api-schemas.ts';

/** A schema as OpenAPI v3 writes it, with the extensions of Kubernetes. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly items?: OpenApiSchema;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly allOf?: readonly OpenApiSchema[];
  readonly anyOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly not?: OpenApiSchema;
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-validations'?: readonly SchemaRule[];
}

/** Gathers schemas into one pack. */
export interface Packer {
  /** Takes the kinds of one document of `/openapi/v3`. */
  addDocument(schemas: Readonly<Record<string, OpenApiSchema>>): void;
  /** Takes one version of a CustomResourceDefinition. */
  addCustom(apiVersion: string, kind: string, schema: OpenApiSchema): void;
  pack(): SchemaPack;
}

const REFERENCE = '#/components/schemas/';
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const QUANTITY = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
/** Bounds that are copied as they are. */
const BOUNDS = [
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const satisfies readonly (keyof SchemaNode)[];

export function createPacker(): Packer {
  const nodes: SchemaNode[] = [];
  const kinds: Record<string, Record<string, number>> = {};
  const numbers = new Map<string, number>();
  const definitions = new Map<string, number>();

  /** Equal nodes have one number. */
  const intern = (node: SchemaNode): number => {
    const text = JSON.stringify(node);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, nodes.length);
    return nodes.push(node) - 1;
  };

  const convert = (
    schema: OpenApiSchema,
    schemas: Readonly<Record<string, OpenApiSchema>>,
    custom: boolean,
  ): number => {
    const reference = schema.$ref ?? (custom ? undefined : schema.allOf?.[0]?.$ref);
    if (reference !== undefined) return define(reference.slice(REFERENCE.length), schemas);
    return intern(nodeOf(schema, (part) => convert(part, schemas, custom), custom));
  };

  /** A definition has its number before it is read, because some contain themselves. */
  const define = (name: string, schemas: Readonly<Record<string, OpenApiSchema>>): number => {
    const known = definitions.get(name);
    if (known !== undefined) return known;
    const schema = schemas[name];
    if (schema === undefined) throw new Error(`The document refers to ${name}, which it does not define.`);
    if (name === QUANTITY) return intern({ type: 'quantity' });
    const number = nodes.push({}) - 1;
    definitions.set(name, number);
    nodes[number] = nodeOf(schema, (part) => convert(part, schemas, false), false);
    return number;
  };

  const setKind = (apiVersion: string, kind: string, number: number) => {
    kinds[apiVersion] = { ...kinds[apiVersion], [kind]: number };
  };

  return {
    addDocument(schemas) {
      for (const name of Object.keys(schemas).sort()) {
        const [only, ...more] = schemas[name]?.['x-kubernetes-group-version-kind'] ?? [];
        if (only === undefined || more.length > 0 || only.kind.endsWith('List')) continue;
        setKind(only.group === '' ? only.version : `${only.group}/${only.version}`, only.kind, define(name, schemas));
      }
    },
    addCustom(apiVersion, kind, schema) {
      const properties = {
        ...schema.properties,
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
      };
      const root = nodeOf({ ...schema, type: 'object', properties }, (part) => convert(part, {}, true), true);
      setKind(apiVersion, kind, intern({ ...root, properties: { ...root.properties, metadata: intern(METADATA) } }));
    },
    pack() {
      const metadata = definitions.get(OBJECT_META);
      return { nodes, kinds, ...(metadata === undefined ? {} : { metadata }) };
    },
  };
}

const METADATA: SchemaNode = { isMetadata: true };

function nodeOf(schema: OpenApiSchema, convert: (part: OpenApiSchema) => number, custom: boolean): SchemaNode {
  const type = typeOf(schema);
  const bounds = schema as Readonly<Record<string, unknown>>;
  const node: Record<string, unknown> = {};
  if (type !== undefined) node.type = type;
  for (const name of BOUNDS) if (bounds[name] !== undefined && name !== 'format') node[name] = bounds[name];
  if (schema.format !== undefined && schema.format !== 'int-or-string') node.format = schema.format;
  if (schema.required !== undefined && schema.required.length > 0) node.required = schema.required;
  if (schema.nullable === true) node.nullable = true;
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) node.open = true;
  if (schema.properties !== undefined || schema['x-kubernetes-embedded-resource'] === true)
    node.properties = Object.fromEntries(
      Object.entries({
        ...schema.properties,
        ...(schema['x-kubernetes-embedded-resource'] === true ? EMBEDDED : {}),
      })
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, part]) => [name, convert(part)]),
    );
  if (schema.items !== undefined) node.items = convert(schema.items);
  if (typeof schema.additionalProperties === 'object') node.values = convert(schema.additionalProperties);
  if (schema.additionalProperties === true) node.open = true;
  if (custom) Object.assign(node, customParts(schema, convert, type));
  return node;
}

const EMBEDDED: Readonly<Record<string, OpenApiSchema>> = { apiVersion: { type: 'string' }, kind: { type: 'string' } };

/** What only the schemas of custom resources use, and the server holds objects to. */
function customParts(
  schema: OpenApiSchema,
  convert: (part: OpenApiSchema) => number,
  type: SchemaNode['type'],
): SchemaNode {
  const alternatives = type === 'int-or-string' ? {} : { anyOf: schema.anyOf };
  const listType = schema['x-kubernetes-list-type'];
  const uniqueBy = listType === 'set' ? [] : listType === 'map' ? schema['x-kubernetes-list-map-keys'] : undefined;
  return {
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...Object.fromEntries(
      Object.entries({ allOf: schema.allOf, ...alternatives, oneOf: schema.oneOf })
        .filter(([, parts]) => parts !== undefined)
        .map(([name, parts]) => [name, (parts ?? []).map(convert)]),
    ),
    ...(schema.not === undefined ? {} : { not: convert(schema.not) }),
    ...(uniqueBy === undefined ? {} : { uniqueBy }),
    ...(schema['x-kubernetes-validations'] === undefined
      ? {}
      : {
          rules: schema['x-kubernetes-validations'].map(({ rule, message, fieldPath }) => ({
            rule,
            ...(message === undefined ? {} : { message }),
            ...(fieldPath === undefined ? {} : { fieldPath }),
          })),
        }),
  };
}

function typeOf(schema: OpenApiSchema): SchemaNode['type'] {
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') return 'int-or-string';
  return schema.type as SchemaNode['type'];
}
