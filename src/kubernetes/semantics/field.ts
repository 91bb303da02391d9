import type { Path } from '../../core/location.ts';
import type { Fault } from '../fault.ts';
import { parseQuantity } from '../quantity.ts';

/**
 * A place in an object and what stands there. The rules read objects whose types the schema has already held, so a reader
 * gives its zero value only where the field is absent, as Go does.
 */
export interface Field {
  readonly value: unknown;
  readonly path: Path;
}

/** What a set of rules finds; empty where the API server would accept. */
export type Faults = Generator<Fault, void>;

export function at(field: Field, ...steps: Path): Field {
  return steps.reduce<Field>(
    ({ value, path }, step) => ({
      value:
        typeof value === 'object' && value !== null && Object.hasOwn(value, step)
          ? (value as Readonly<Record<string | number, unknown>>)[step]
          : undefined,
      path: [...path, step],
    }),
    field,
  );
}

/** Null is as good as absent. */
export function isSet({ value }: Field): boolean {
  return value !== undefined && value !== null;
}

export function itemsOf({ value, path }: Field): readonly Field[] {
  return Array.isArray(value) ? value.map((item, index) => ({ value: item, path: [...path, index] })) : [];
}

export function entriesOf({ value, path }: Field): readonly (readonly [key: string, Field])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([key, part]) => [key, { value: part, path: [...path, key] }]);
}

export function textOf({ value }: Field): string {
  return typeof value === 'string' ? value : '';
}

export function textsOf(field: Field): readonly string[] {
  return itemsOf(field).map(textOf);
}

export function numberOf({ value }: Field): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function isTrue({ value }: Field): boolean {
  return value === true;
}

/** In the base unit; undefined where there is none. One that is null is zero. */
export function quantityOf({ value }: Field): number | undefined {
  if (value === null) return 0;
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
}

/** The names of the given children that are set. */
export function setAmong(field: Field, names: readonly string[]): readonly string[] {
  return names.filter((name) => isSet(at(field, name)));
}

/** Never shows more of a value than a short text or a number, and nothing of a structure. */
export function refuse(field: Field, what: string, expected: string): Fault {
  const { value, path } = field;
  const observed =
    value === undefined || value === null ? 'nothing' : typeof value === 'object' ? 'what is written' : String(value);
  return { path, what, observed: observed === '' ? 'the empty text' : observed.slice(0, 120), expected };
}

export function missing(field: Field, expected: string): Fault {
  return { path: field.path, what: `${String(field.path.at(-1))} is missing`, observed: 'nothing', expected };
}

/** Refuses a text for a reason that a rule for names gave. */
export function* unlessFine(field: Field, fault: string | undefined, expected: string): Faults {
  if (fault !== undefined) yield refuse(field, `${String(field.path.at(-1))} is refused: ${fault}`, expected);
}

/** Refuses each item whose identity stood in the list before. */
export function* duplicates(
  items: readonly Field[],
  identity: (item: Field) => string | undefined,
  place: (item: Field) => Field,
): Faults {
  const seen = new Set<string>();
  for (const item of items) {
    const id = identity(item);
    if (id === undefined) continue;
    if (seen.has(id)) yield refuse(place(item), `${id} stands in the list twice`, 'each once');
    seen.add(id);
  }
}

export function* outside(field: Field, low: number, high: number): Faults {
  const number = numberOf(field);
  if (number !== undefined && (number < low || number > high))
    yield refuse(
      field,
      `${String(field.path.at(-1))} is ${number}`,
      high === Number.POSITIVE_INFINITY ? `${low} or more` : `from ${low} to ${high}`,
    );
}

/** Words for which no schema names the choices. */
export function* oneOf(field: Field, words: readonly string[]): Faults {
  if (textOf(field) !== '' && !words.includes(textOf(field)))
    yield refuse(field, `${textOf(field)} is none of the values that are allowed`, words.join(', '));
}
