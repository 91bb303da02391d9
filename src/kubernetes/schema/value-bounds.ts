import type { SchemaNode } from '../../core/api-schemas.ts';
import type { Path } from '../../core/location.ts';
import { nearest } from '../../core/nearest.ts';
import type { Fault } from '../fault.ts';

/**
 * An empty text in a type of Kubernetes is Go's zero value, which a default replaces. These fields are pointers there, so that an
 * empty text is a word like any other.
 */
const HELD_TO_WORDS: ReadonlySet<string> = new Set([
  'completionMode',
  'internalTrafficPolicy',
  'ipFamilyPolicy',
  'mountPropagation',
  'nodeAffinityPolicy',
  'nodeTaintsPolicy',
  'pathType',
  'podReplacementPolicy',
  'preemptionPolicy',
  'procMount',
  'selectPolicy',
  'unhealthyPodEvictionPolicy',
  'volumeBindingMode',
  'volumeMode',
]);

/** Holds a value of the right type to the bounds of its schema. */
export function boundFaults(node: SchemaNode, value: unknown, path: Path, custom: boolean): readonly Fault[] {
  const faults: Fault[] = [];
  const refuse = (what: string, expected: string) => faults.push({ path, what, observed: sizeOf(value), expected });
  const isZero = value === '' && !custom && !HELD_TO_WORDS.has(String(path.at(-1)));
  if (node.enum !== undefined && !node.enum.includes(value) && !isZero) {
    const near = nearest(String(value), node.enum.map(String));
    const words = node.enum.filter((allowed) => allowed !== '').join(', ');
    faults.push({
      path,
      what: `${shown(value)} is none of the values that are allowed${near === undefined ? '' : `; did you mean ${near}`}`,
      observed: shown(value),
      expected: words,
    });
  }
  if (typeof value === 'number') {
    if (node.minimum !== undefined && value < node.minimum)
      refuse('the number is too small', `at least ${node.minimum}`);
    if (node.maximum !== undefined && value > node.maximum)
      refuse('the number is too large', `at most ${node.maximum}`);
  }
  if (typeof value === 'string') {
    const length = [...value].length;
    if (node.minLength !== undefined && length < node.minLength)
      refuse('the text is too short', `at least ${count(node.minLength, 'character')}`);
    if (node.maxLength !== undefined && length > node.maxLength)
      refuse('the text is too long', `at most ${count(node.maxLength, 'character')}`);
    if (node.pattern !== undefined && !patternOf(node.pattern).test(value))
      refuse('the text has not the form that is demanded', node.pattern);
  }
  if (Array.isArray(value)) {
    if (node.minItems !== undefined && value.length < node.minItems)
      refuse('the list is too short', `at least ${count(node.minItems, 'item')}`);
    if (node.maxItems !== undefined && value.length > node.maxItems)
      refuse('the list is too long', `at most ${count(node.maxItems, 'item')}`);
    if (node.uniqueBy !== undefined) faults.push(...duplicateFaults(node.uniqueBy, value, path));
  } else if (typeof value === 'object' && value !== null) {
    const { length } = Object.keys(value);
    if (node.minProperties !== undefined && length < node.minProperties)
      refuse('the map has too few entries', `at least ${count(node.minProperties, 'entry')}`);
    if (node.maxProperties !== undefined && length > node.maxProperties)
      refuse('the map has too many entries', `at most ${count(node.maxProperties, 'entry')}`);
  }
  return faults;
}

function count(number: number, thing: string): string {
  return `${number} ${number === 1 ? thing : `${thing.replace(/y$/, 'ie')}s`}`;
}

/** A word where there should be another one; a long text is no word. */
function shown(value: unknown): string {
  const text = String(value);
  return text === '' ? 'the empty text' : text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** A text that breaks its bounds may be anything, a secret too, so that only its length is told. */
function sizeOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return count([...value].length, 'character');
  if (Array.isArray(value)) return count(value.length, 'item');
  return count(Object.keys(value ?? {}).length, 'entry');
}

/** Items of a list that must tell themselves apart, by the named fields or, without any, as wholes. */
function duplicateFaults(keys: readonly string[], items: readonly unknown[], path: Path): readonly Fault[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const fields = item as Readonly<Record<string, unknown>> | null;
    const identity = JSON.stringify(keys.length === 0 ? item : keys.map((key) => fields?.[key]));
    if (!seen.has(identity)) {
      seen.add(identity);
      return [];
    }
    return [
      {
        path: [...path, index],
        what: 'an item stands in the list twice',
        observed: keys.length === 0 ? 'an item' : identity,
        expected: 'each once',
      },
    ];
  });
}

const PATTERNS = new Map<string, RegExp>();

/** Go's syntax and ours agree on what definitions use. */
function patternOf(source: string): RegExp {
  const known = PATTERNS.get(source);
  if (known !== undefined) return known;
  const made = compile(source);
  PATTERNS.set(source, made);
  return made;
}

function compile(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}
