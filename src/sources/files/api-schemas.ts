import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type ApiSchemas,
  type KindSchema,
  SCHEMA_VERSIONS,
  type SchemaPack,
  type SchemaVersion,
} from '../../core/api-schemas.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import { groupOf } from '../../kubernetes/kinds.ts';
import { type CustomKind, customKinds } from '../../kubernetes/schema/custom-kinds.ts';
import { createPacker } from '../../kubernetes/schema/pack-open-api.ts';
import type { FilesOptions } from './gather.ts';
import { readDefinitions } from './read-definitions.ts';

/**
 * The schemas that objects are held to: of one version of Kubernetes (the newest where none is chosen), and of custom resources that
 * are shipped, defined among the objects, or defined beside them.
 */
export async function schemasFor(
  objects: readonly KubernetesObject[],
  { kubernetes = SCHEMA_VERSIONS[0], definitions = [], cwd }: Pick<FilesOptions, 'kubernetes' | 'definitions' | 'cwd'>,
): Promise<ApiSchemas> {
  const defined = [...readDefinitions(definitions, cwd), ...objects.flatMap((object) => customKinds(object))];
  const schemas = readApiSchemas(kubernetes, defined);
  // The library takes longer to load than most runs take, and only custom resources have rules.
  const hasRules = objects.some(({ apiVersion = '', kind }) => schemas.schemaOf(apiVersion, kind)?.custom === true);
  return hasRules ? { ...schemas, evaluateRule: (await import('./common-expression.ts')).evaluateRule } : schemas;
}

/**
 * The schemas of one version of Kubernetes, of the custom resources that this package knows, and of those that the input
 * defines, which go before. A pack is read when the first of its kinds is asked for.
 */
function readApiSchemas(kubernetes: SchemaVersion, defined: readonly CustomKind[]): ApiSchemas {
  const packs = new Map<string, KindSource>();
  const builtIn = readPack(kubernetes);
  const packOf = (group: string): KindSource => {
    const known = packs.get(group);
    if (known !== undefined) return known;
    const made = sourceOf(group, defined);
    packs.set(group, made);
    return made;
  };
  const find = (apiVersion: string, kind: string): KindSchema | undefined => {
    const own = kindIn({ pack: builtIn, custom: false }, apiVersion, kind);
    return own ?? packOf(groupOf(apiVersion)).find(apiVersion, kind);
  };
  return {
    kubernetes,
    schemaOf: find,
    versionsOf: (group, kind) =>
      [...apiVersionsIn(builtIn), ...packOf(group).apiVersions]
        .filter((apiVersion) => groupOf(apiVersion) === group && find(apiVersion, kind) !== undefined)
        .sort()
        .reverse(),
    kindsOf: (apiVersion) =>
      Object.keys({ ...builtIn.kinds[apiVersion], ...packOf(groupOf(apiVersion)).kindsOf(apiVersion) }),
    isBuiltIn: (group) => apiVersionsIn(builtIn).some((apiVersion) => groupOf(apiVersion) === group),
    evaluateRule: () => undefined,
    metadata: metadataIn(builtIn, kubernetes),
  };
}

function metadataIn(pack: SchemaPack, kubernetes: string): KindSchema {
  const root = pack.nodes[pack.metadata ?? -1];
  if (root === undefined)
    throw new Error(`The schemas of Kubernetes ${kubernetes} lack metadata; make them anew with npm run schemas.`);
  return { pack, root, custom: false };
}

interface KindSource {
  readonly apiVersions: readonly string[];
  find(apiVersion: string, kind: string): KindSchema | undefined;
  kindsOf(apiVersion: string): Readonly<Record<string, number>>;
}

function sourceOf(group: string, defined: readonly CustomKind[]): KindSource {
  const shipped = isShipped(group) ? readPack(group) : undefined;
  const packer = createPacker();
  for (const { apiVersion, kind, schema } of defined.filter((custom) => custom.group === group))
    packer.addCustom(apiVersion, kind, schema);
  const packs = [packer.pack(), ...(shipped === undefined ? [] : [shipped])];
  return {
    apiVersions: [...new Set(packs.flatMap(apiVersionsIn))],
    kindsOf: (apiVersion) => Object.assign({}, ...packs.map(({ kinds }) => kinds[apiVersion])),
    find: (apiVersion, kind) =>
      packs.map((pack) => kindIn({ pack, custom: true }, apiVersion, kind)).find((schema) => schema !== undefined),
  };
}

function apiVersionsIn({ kinds }: SchemaPack): readonly string[] {
  return Object.keys(kinds);
}

function kindIn({ pack, custom }: Omit<KindSchema, 'root'>, apiVersion: string, kind: string): KindSchema | undefined {
  const number = pack.kinds[apiVersion]?.[kind];
  const root = number === undefined ? undefined : pack.nodes[number];
  return root === undefined ? undefined : { pack, root, custom };
}

function readPack(name: string): SchemaPack {
  return JSON.parse(readFileSync(join(folder(), `${name}.json`), 'utf8')) as SchemaPack;
}

/** Groups come from a user's file, so a name is looked up among those that are there, and never made into a path. */
function isShipped(group: string): boolean {
  return group !== '' && readdirSync(folder()).includes(`${group}.json`);
}

/** The folder stands beside package.json, whether this runs from the sources or from the bundle. */
function folder(): string {
  for (let place = import.meta.dirname; place !== dirname(place); place = dirname(place)) {
    const schemas = join(place, 'schemas/kubernetes');
    if (existsSync(schemas)) return schemas;
  }
  throw new Error('The schemas are not where this package keeps them.');
}
