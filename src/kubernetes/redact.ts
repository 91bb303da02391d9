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
  return redactValue('', value, like?.before, like?.after) as T;
}

/** `before` is what stood at this place in what was redacted before, and `after` what became of it. */
function redactValue(name: string, value: unknown, before?: unknown, after?: unknown): unknown {
  if (typeof value === 'string') return redactText(name, value);
  if (typeof value !== 'object' || value === null) return value;
  if (value === before) return after;
  const isLike = typeof before === 'object' && before !== null && typeof after === 'object' && after !== null;
  const [from, to] = isLike ? [before as Fields, after as Fields] : [NO_FIELDS, NO_FIELDS];
  if (Array.isArray(value)) return redactList(value, from, to);
  // An env variable carries its name in a field of its own.
  const ownName = (value as Fields).name;
  return mapFields(value as Fields, (key, item) => {
    if (key === 'binaryData') return redactBinary(item);
    if (key === 'value' && typeof ownName === 'string') return redactValue(ownName, item, from[key], to[key]);
    // The same text under the same name.
    if (typeof item === 'string' && item === from[key] && typeof to[key] === 'string') return to[key];
    return redactValue(key, item, from[key], to[key]);
  });
}

type Fields = Readonly<Record<string | number, unknown>>;

const NO_FIELDS: Fields = Object.create(null) as Fields;

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

/** The object itself where nothing in it changes, which is nearly always. */
function mapFields(value: Fields, change: (key: string, item: unknown) => unknown): Fields {
  let changed: Map<string, unknown> | undefined;
  for (const key in value) {
    const item = value[key];
    const redacted = change(key, item);
    if (redacted === item) continue;
    changed ??= new Map();
    changed.set(key, redacted);
  }
  if (changed === undefined) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, changed.has(key) ? changed.get(key) : item]),
  );
}

/** A ConfigMap's files in base64, which hides nothing. */
function redactBinary(files: unknown): unknown {
  if (typeof files !== 'object' || files === null) return files;
  return mapFields(files as Fields, (_, file) =>
    credentialInBody(textOfBinary(file)) === undefined ? file : CREDENTIAL_MARK,
  );
}

/** The words of a command: a credential can follow its flag in a word of its own. */
function redactList(
  list: readonly unknown[],
  before: Fields = NO_FIELDS,
  after: Fields = NO_FIELDS,
): readonly unknown[] {
  const words = list.every((item) => typeof item === 'string') ? credentialsInWords(list) : [];
  let changed: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    const masked = redactValue('', item, before[index], after[index]);
    const isCredential = masked === item && words.some((found) => found.index === index) && !MARK.test(String(item));
    if (masked === item && !isCredential) continue;
    changed ??= [...list];
    changed[index] = isCredential ? CREDENTIAL_MARK : masked;
  }
  return changed ?? list;
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
