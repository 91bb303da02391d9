import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestCluster } from './use-cluster.ts';

/** What a server says of the kinds of one group and version, or of many. */
export interface OpenApi {
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface Schema {
  readonly [keyword: string]: unknown;
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

export interface PublishedSchemas {
  /** `apis/GROUP/VERSION.json` and `api/v1.json`: OpenAPI documents, as kubectl-validate reads them. */
  readonly documents: string;
  /** `KIND-GROUP-VERSION.json`: JSON Schemas that admit no unknown field, as kubeconform reads them. */
  readonly kinds: string;
}

/** Keeps what an API server publishes of these groups, so that judges without a network can be told of it. */
export async function publishedSchemas(
  cluster: TestCluster,
  groups: readonly string[],
  folder: string,
): Promise<PublishedSchemas> {
  const index = (await cluster.request('GET', '/openapi/v3')).body as {
    readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>;
  };
  const schemas = { documents: join(folder, 'documents'), kinds: join(folder, 'kinds') };
  for (const [path, { serverRelativeURL }] of Object.entries(index.paths)) {
    if (path !== 'api/v1' && !groups.some((group) => path.startsWith(`apis/${group}/`))) continue;
    keepSchemas(path, (await cluster.request('GET', serverRelativeURL)).body as OpenApi, schemas);
  }
  return schemas;
}

/** Keeps the document of one path, `api/v1` or `apis/apps/v1`, for either judge. */
export function keepSchemas(path: string, document: OpenApi, { documents, kinds }: PublishedSchemas): void {
  write(join(documents, `${path}.json`), document);
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {}))
    for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? []) {
      const parts = [kind, group.split('.')[0] ?? '', version].filter((part) => part !== '');
      const file = `${parts.join('-').toLowerCase()}.json`;
      write(join(kinds, file), closed({ $ref: `#/components/schemas/${name}`, components: document.components }));
    }
}

/** The same as JSON Schema, in which an object with fields has no others. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Schema;
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string')
    return { anyOf: [{ type: 'integer' }, { type: 'string' }] };
  const entries = Object.entries(schema).map(([keyword, inner]) => [keyword, closed(inner)]);
  const isOpen =
    typeof schema.properties !== 'object' ||
    typeof schema.type !== 'string' ||
    schema.additionalProperties !== undefined ||
    schema['x-kubernetes-preserve-unknown-fields'] === true;
  return { ...Object.fromEntries(entries), ...(isOpen ? {} : { additionalProperties: false }) };
}

function write(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
}
