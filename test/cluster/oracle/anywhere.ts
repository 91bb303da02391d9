import { put } from './edit.ts';
import type { Json, JsonMap } from './json.ts';
import type { Random } from './random.ts';

/** A change of one value, whatever it means: the faults that nobody thought of. */
type Change = (value: Json, random: Random) => Json | undefined;

/** Makes a change at a random place below metadata, spec and the like. */
export function anywhere(change: Change, fits: (value: Json) => boolean = () => true) {
  return (object: JsonMap, random: Random): boolean => {
    const places = placesIn(object, '').filter(({ path, value }) => !FIXED.has(path) && fits(value));
    if (places.length === 0) return false;
    const { path, value } = random.pick(places);
    return put(object, path, change(value, random));
  };
}

/** Without these there is no question to ask. A key with a dot would read as two steps. */
const FIXED: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

function placesIn(value: Json, path: string): readonly { readonly path: string; readonly value: Json }[] {
  const parts: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item] as const)
    : typeof value === 'object' && value !== null
      ? Object.entries(value).filter(([key]) => !key.includes('.'))
      : [];
  const inner = parts.flatMap(([key, part]) => placesIn(part, path === '' ? key : `${path}.${key}`));
  return path === '' ? inner : [{ path, value }, ...inner];
}

export const GONE: Change = () => undefined;
export const NULL: Change = () => null;
export const EMPTY: Change = (value) => (Array.isArray(value) ? [] : typeof value === 'object' ? {} : '');

/** A value of another type than the one that stands there. */
export const RETYPED: Change = (value, random) => {
  const others: readonly Json[] = [true, 7, 1.5, 'text', ['text'], { key: 'value' }];
  return structuredClone(random.pick(others.filter((other) => nameOf(other) !== nameOf(value))));
};

/** The same type with another value. */
export const GARBLED: Change = (value, random) => {
  if (typeof value === 'number') return random.pick([-1, 0, 65536, 2 ** 31, 10 ** 12]);
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return value;
  return random.pick([
    `${value} `,
    value.toUpperCase(),
    `-${value}`,
    `${value}.`,
    value.repeat(30),
    'ß',
    '../..',
    '0',
    '-1',
    `${value}/${value}`,
  ]);
};

export const TWICE: Change = (value) => (Array.isArray(value) ? [...value, structuredClone(value[0] ?? null)] : value);
export const STRANGER: Change = (value) => (isMap(value) ? { ...value, stranger: 'x' } : value);

export function isList(value: Json): boolean {
  return Array.isArray(value) && value.length > 0;
}

export function isMap(value: Json): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isLeaf(value: Json): boolean {
  return value !== null && typeof value !== 'object';
}

function nameOf(value: Json): string {
  if (Array.isArray(value)) return 'list';
  return value === null ? 'null' : typeof value;
}
