import type { NotSeen } from '../../core/facts.ts';
import { lazily } from '../../core/lazily.ts';
import type { Location, Path } from '../../core/location.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import type { Origin } from '../../core/resource.ts';
import { isTooDeep, TOO_DEEP } from './depth.ts';
import { type LocateInYaml, locateInYaml, type ParsedYaml, parseYaml } from './yaml-objects.ts';

/** An object as it stands in a file. */
export interface FoundObject {
  readonly object: KubernetesObject;
  readonly file: string;
  locate(path: Path): Location;
  readonly origin?: Origin;
}

export interface Manifest {
  readonly objects: readonly FoundObject[];
  readonly notSeen: readonly NotSeen[];
}

/** Worth parsing as a manifest: it speaks of an apiVersion or a kind somewhere. Cheaper than parsing every YAML file of a repository. */
export function looksLikeManifest(text: string): boolean {
  return /^[\s{-]*["']?(?:apiVersion|kind)["']?\s*:/m.test(text);
}

/** Reads the objects of one file. A fault costs its own document, not the file. */
export function readManifest(file: string, text: string): Manifest {
  const { documents, faults, locate: found } = file.endsWith('.json') ? parseJson(text) : parseYaml(text);
  const notSeen: NotSeen[] = faults.map(({ message, line, column }) => ({
    what: file,
    reason: message.startsWith('it ') ? message : `it cannot be parsed: ${message}`,
    where: { file, line, column },
    unusable: true,
  }));
  const locate = placesIn(file, text, found);
  const objects = documents.flatMap(({ value, index }) =>
    expand(value, []).flatMap(({ object, path: prefix }) => {
      const whole = lazily(() => locate(index, prefix));
      const place = (path: Path) => (path.length === 0 ? whole() : locate(index, [...prefix, ...path]));
      const lack = lackOf(object);
      if (lack === undefined)
        return [
          { object: object as KubernetesObject, file, locate: place, origin: { file, document: index, path: prefix } },
        ];
      if (lack !== '') notSeen.push({ what: file, reason: lack, where: place([]), unusable: true });
      return [];
    }),
  );
  return { objects, notSeen };
}

/** A reading for places alone is put off until one is looked at. */
function placesIn(file: string, text: string, found?: LocateInYaml): (document: number, path: Path) => Location {
  if (found !== undefined) return (document, path) => ({ file, ...found(document, path) });
  const late = lazily(() => locateInYaml(text));
  return (document, path) => lazyLocation(file, () => late()(document, path));
}

function parseJson(text: string): ParsedYaml {
  try {
    const value: unknown = JSON.parse(text);
    if (isTooDeep(value)) return { documents: [], faults: [{ message: TOO_DEEP, line: 1, column: 1 }] };
    return { documents: [{ value, index: 0 }], faults: [] };
  } catch {
    const before = text.slice(0, faultOffset(text));
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    return { documents: [], faults: [{ message: 'it is not valid JSON from here on', line, column }] };
  }
}

/**
 * Where a text stops being JSON. The engine's own message often has no position, and quotes the text, which may hold a
 * secret. A prefix that only lacks its end is still good, so the first bad one can be searched for by halves.
 */
function faultOffset(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (lacksOnlyItsEnd(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function lacksOnlyItsEnd(prefix: string): boolean {
  try {
    JSON.parse(prefix);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return /end of JSON input|Unterminated/.test(message) || message.includes(`at position ${prefix.length} `);
  }
}

/** A List is its items, however deep. */
function expand(value: unknown, path: Path): readonly { readonly object: unknown; readonly path: Path }[] {
  if (isRecord(value) && typeof value.kind === 'string' && /List$/.test(value.kind) && Array.isArray(value.items))
    return value.items.flatMap((item, index) => expand(item, [...path, 'items', index]));
  return [{ object: value, path }];
}

/** Why a value is no Kubernetes object: empty where it never meant to be one, undefined where it is one. */
function lackOf(value: unknown): string | undefined {
  if (!isRecord(value)) return '';
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion === 'string' && typeof kind === 'string') return undefined;
  if (metadata === undefined) return '';
  if (typeof apiVersion === 'string') return 'an object has an apiVersion but no kind';
  if (typeof kind === 'string') return 'an object has a kind but no apiVersion';
  return '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Most locations are never looked at: a check gives one with every verdict, and a report for people tells only the failures. */
export function lazyLocation(file: string, find: () => { readonly line: number; readonly column: number }): Location {
  const found = lazily(find);
  return {
    file,
    get line() {
      return found().line;
    },
    get column() {
      return found().column;
    },
  };
}
