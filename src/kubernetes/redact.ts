import { findSecrets } from '../core/secret-text.ts';
import { textOfBinary } from './binary-data.ts';
import { credentialsInWords } from './command-line.ts';
import { CREDENTIAL_MARK, credentialByName, credentialIn } from './credential.ts';
import { credentialInBody, redactBody } from './settings-in-text.ts';

/** What is kept of a Secret's value tells nothing of it. */
const SHAPE = /^(?:empty|placeholder|filled|hmac-sha256:[0-9a-f]{32})$/;

/** What a copy already hides stays as it is. */
const MARK = /\[hidden:[a-z-]+\]/;

/** What was redacted before, whose parts may stand in other data too. */
export interface Redacted {
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Any plain data with a mark in the place of each credential that says what it was. The mark is itself recognised as a
 * credential, so a check judges the copy as it judged the original. What holds no credential is given back as it is, and no copy
 * of it. Parts that are the very same ones as in `like`, at the same place, are not searched again.
 */
export function redact<T>(value: T, like?: Redacted): T {
  return redactValue('', value, like) as T;
}

function redactValue(name: string, value: unknown, like?: Redacted): unknown {
  if (typeof value === 'string') return redactText(name, value);
  if (typeof value !== 'object' || value === null) return value;
  if (value === like?.before) return like.after;
  if (Array.isArray(value)) return redactList(value, like);
  // An env variable carries its name in a field of its own.
  const ownName = (value as { readonly name?: unknown }).name;
  return mapEntries(value, (key, item) =>
    key === 'binaryData'
      ? redactBinary(item)
      : redactValue(key === 'value' && typeof ownName === 'string' ? ownName : key, item, partOf(like, key)),
  );
}

function redactText(name: string, value: string): string {
  if (SHAPE.test(value)) return value;
  if (MADE_BY_SERVERS.test(value) || (SIMPLE.test(value) && findSecrets(value).length === 0))
    return value !== '' && credentialByName(name, value) !== undefined ? CREDENTIAL_MARK : value;
  const masked = redactJson(value) ?? redactBody(value);
  return masked === value && !MARK.test(value) && credentialIn(name, value) !== undefined ? CREDENTIAL_MARK : masked;
}

/** The times and the identifiers that every object has: they hold no text, and are a third of what is searched. */
const MADE_BY_SERVERS =
  /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** Too short to be the encoding of another text, and without what stands between the name and the value of a setting. */
const SIMPLE = /^[\w./-]{0,23}$/;

function partOf(like: Redacted | undefined, key: string | number): Redacted | undefined {
  const { before, after } = like ?? {};
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return undefined;
  return { before: (before as Fields)[key], after: (after as Fields)[key] };
}

type Fields = Readonly<Record<string | number, unknown>>;

/** The object itself where nothing in it changes. */
function mapEntries(value: object, change: (key: string, item: unknown) => unknown): object {
  const entries = Object.entries(value);
  let changed = false;
  for (const entry of entries) {
    const after = change(entry[0], entry[1]);
    if (after === entry[1]) continue;
    entry[1] = after;
    changed = true;
  }
  return changed ? Object.fromEntries(entries) : value;
}

/** A ConfigMap's files in base64, which hides nothing. */
function redactBinary(files: unknown): unknown {
  if (typeof files !== 'object' || files === null) return files;
  return mapEntries(files, (_, file) => (credentialInBody(textOfBinary(file)) === undefined ? file : CREDENTIAL_MARK));
}

/** The words of a command: a credential can follow its flag in a word of its own. */
function redactList(list: readonly unknown[], like?: Redacted): readonly unknown[] {
  const words = list.every((item) => typeof item === 'string') ? credentialsInWords(list) : [];
  const redacted = list.map((item, index) => {
    const masked = redactValue('', item, partOf(like, index));
    return masked === item && !MARK.test(String(item)) && words.some((found) => found.index === index)
      ? CREDENTIAL_MARK
      : masked;
  });
  return redacted.every((item, index) => item === list[index]) ? list : redacted;
}

/** A whole object as text, such as the manifest that kubectl keeps in `last-applied-configuration`. */
function redactJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const before: unknown = JSON.parse(text);
    const after = redactValue('', before);
    return after === before ? undefined : JSON.stringify(after);
  } catch {
    return undefined;
  }
}
