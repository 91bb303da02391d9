import { redact } from '../redact.ts';
import { credentialInBody } from '../settings-in-text.ts';
import type { Difference } from './compare.ts';
import type { FieldPath } from './field-path.ts';

/** The two values as a person may see them. */
export interface ShownValues {
  readonly declared: string;
  readonly live: string;
}

const MAX_SHOWN = 120;
const NOTHING = 'nothing';

/**
 * Shows both values where neither may be a credential, and otherwise a hash of each, which tells that they differ and nothing else. Of
 * a long text the first line is shown that differs.
 */
export function showValues({ path, declared, live }: Difference, hash: (value: string) => string): ShownValues {
  const name = nameOf(path);
  const values = [declared, live].filter((value) => value !== undefined);
  const texts = values.filter((value) => typeof value === 'string');
  // What may be shown of a whole item or structure is told by its own fields.
  const isHidden = values.some((value) => typeof value !== 'object' && mayBeCredential(name, value));
  if (isHidden) {
    const shown = (value: unknown) => (value === undefined ? NOTHING : hashOf(value, hash));
    return { declared: shown(declared), live: shown(live) };
  }
  if (texts.length === 2 && texts.some(isLong)) return firstDifference(String(declared), String(live));
  const shown = { declared: show(name, declared), live: show(name, live) };
  if (shown.declared !== shown.live) return shown;
  // They differ in what is hidden, or behind what was cut off.
  return {
    declared: `${shown.declared} (${hashOf(declared, hash)})`,
    live: `${shown.live} (${hashOf(live, hash)})`,
  };
}

/** What says what a value is: the name of its field, or of the variable that it is the value of. */
function nameOf(path: FieldPath): string {
  const [item, field] = [path.at(-2), path.at(-1)];
  if (field === 'value' && typeof item === 'object' && typeof item.by.name === 'string') return item.by.name;
  return typeof field === 'string' ? field : '';
}

function mayBeCredential(name: string, value: unknown): boolean {
  const text = String(value);
  return redact({ [name]: text })[name] !== text || credentialInBody(text) !== undefined;
}

function hashOf(value: unknown, hash: (value: string) => string): string {
  return hash(typeof value === 'string' ? value : JSON.stringify(value));
}

function isLong(text: string): boolean {
  return text.length > MAX_SHOWN || text.includes('\n');
}

function firstDifference(declared: string, live: string): ShownValues {
  const [wanted, found] = [declared.split('\n'), live.split('\n')];
  const line = wanted.findIndex((text, index) => text !== found[index]);
  const number = line === -1 ? wanted.length : line;
  const shown = (text: string | undefined) =>
    `line ${number + 1}: ${text === undefined ? NOTHING : cut(text === '' ? '(empty)' : text)}`;
  return distinct(shown(wanted[number]), shown(found[number]));
}

/** Lines that are alike as far as they are shown. */
function distinct(declared: string, live: string): ShownValues {
  return declared === live ? { declared: `${declared} (differs further on)`, live } : { declared, live };
}

function show(name: string, value: unknown): string {
  if (value === undefined) return NOTHING;
  if (value === '') return 'an empty text';
  const safe = typeof value === 'string' ? value : JSON.stringify(redact({ [name]: value })[name]);
  return cut(safe);
}

function cut(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
