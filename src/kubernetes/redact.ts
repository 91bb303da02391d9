import { maskSecrets } from '../core/secret-text.ts';
import { CREDENTIAL_MARK, credentialIn } from './credential.ts';

/** What is kept of a Secret's value tells nothing of it. */
const SHAPES: ReadonlySet<string> = new Set(['empty', 'placeholder', 'filled']);

/**
 * A copy of any plain data in which each credential is replaced by a mark that says what it was. The mark is itself
 * recognised as a credential, so a check judges the copy as it judged the original.
 */
export function redact<T>(value: T): T {
  return redactValue('', value) as T;
}

function redactValue(name: string, value: unknown): unknown {
  if (typeof value === 'string') {
    if (SHAPES.has(value)) return value;
    const masked = maskSecrets(value);
    return masked === value && credentialIn(name, value) !== undefined ? CREDENTIAL_MARK : masked;
  }
  if (Array.isArray(value)) return value.map((item) => redactValue('', item));
  if (typeof value !== 'object' || value === null) return value;
  // An env variable carries its name in a field of its own.
  const ownName = (value as { readonly name?: unknown }).name;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      redactValue(key === 'value' && typeof ownName === 'string' ? ownName : key, item),
    ]),
  );
}
