import { credentialIn, redactionMark, redactText } from './credential.ts';

/**
 * A copy of any plain data in which each credential is replaced by a mark that says what it was. The mark is itself
 * recognised as that credential, so a check judges the copy as it judged the original.
 */
export function redact<T>(value: T): T {
  return redactValue('', value) as T;
}

function redactValue(name: string, value: unknown): unknown {
  if (typeof value === 'string') {
    const what = credentialIn(name, value);
    const text = redactText(value);
    return what === undefined || text !== value ? text : redactionMark(what);
  }
  if (Array.isArray(value)) return value.map((item) => redactValue('', item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  // An env variable carries its name in a field of its own.
  const ownName = (value as { readonly name?: unknown }).name;
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      redactValue(key === 'value' && typeof ownName === 'string' ? ownName : key, item),
    ]),
  );
}
