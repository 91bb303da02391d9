import { findSecrets } from '../core/secret-text.ts';
import { encodedParts, fromBase64 } from './encoded-text.ts';

/**
 * Tells whether a setting written in plain text is a credential, from its name and its value together. A name alone
 * flags MAX_TOKENS, a value alone misses a weak password.
 */
export function credentialIn(name: string, value: string): string | undefined {
  const text = value.trim();
  if (text === '' || isComposed(text)) return undefined;
  return credentialInText(text) ?? credentialByName(name, text);
}

/** What stands where a credential stood that only its name gave away. */
export const CREDENTIAL_MARK = '[hidden:credential]';

/**
 * What credential a text holds by its form alone: a provider's key, a PEM key, a password inside a URL. Base64 and percent-encoding
 * hide nothing.
 */
export function credentialInText(text: string): string | undefined {
  return (
    credentialInPlainText(text) ??
    encodedParts(text)
      .map(({ decoded }) => credentialInPlainText(decoded))
      .find(Boolean)
  );
}

function credentialInPlainText(text: string): string | undefined {
  const kind = findSecrets(text)[0]?.kind;
  if (kind !== undefined) return `${/^[aeio]/.test(kind) ? 'an' : 'a'} ${kind.replaceAll('-', ' ')}`;
  return SETTING_FORMATS.find(({ pattern }) => pattern.test(text))?.what;
}

/** Forms that settings have and lines of a log do not. */
const SETTING_FORMATS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a key in a connection string', pattern: /\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{16,}/i },
  { what: 'an incoming webhook', pattern: /\/\/hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/ },
  { what: 'an incoming webhook', pattern: /\/\/discord(?:app)?\.com\/api\/webhooks\/\d+\/[\w-]+/ },
];

/** Whether a name alone says that its value is a credential, for where the value is not kept. */
export function soundsLikeCredential(name: string): boolean {
  return (
    credentialByName(name, 'a text that no format knows') !== undefined ||
    /(?:^|_)(?:DATABASE|DB|POSTGRES|PG|REDIS|MONGO|MONGODB|AMQP|RABBITMQ|BROKER)_?(?:URL|URI|DSN)$/i.test(name)
  );
}

const SECRET_WORDS = new Set([
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'secret',
  'token',
  'apikey',
  'credential',
  'credentials',
  'pass',
]);
const SECRET_ENDINGS = /(?:password|passwd|passphrase|secret|apikey)$/;
const KEY_QUALIFIERS = new Set(
  'api access secret private signing encryption master auth account admin service session webhook client shared storage jwt hmac license deploy'.split(
    ' ',
  ),
);
/** Words that may follow without changing what the setting is. */
const TRAILERS =
  /^(?:\d+|value|base64|b64|prod|production|staging|dev|primary|secondary|old|new|current|previous|default)$/;
/** Words in front that make a count or a switch of what follows. */
const COUNTERS = new Set(
  'max min num number count total limit use enable enabled disable allow has require'.split(' '),
);
/** Words before `token` that make a mark of a tokenizer's vocabulary of it. */
const VOCABULARY = new Set('bos eos pad unk sep cls mask stop start end special begin eot eom'.split(' '));

/** What credential a value is by the name that it stands under, whatever its form. */
export function credentialByName(name: string, value: string): string | undefined {
  const { first, before, last, isSecret, isKey } = meaningOf(name);
  if (last === 'auth' && before === 'basic' && USER_AND_PASSWORD.test(value)) return 'a user with a password';
  // A registry's login, as Docker's configuration keeps it: {"auths": {"ghcr.io": {"auth": "…"}}}.
  if (last === 'auth' && USER_AND_PASSWORD.test(fromBase64(value) ?? '')) return 'a user with a password';
  if (!isSecret) return undefined;
  if (COUNTERS.has(first)) return undefined;
  if (last === 'token' && VOCABULARY.has(before)) return undefined;
  if (/^(?:true|false|yes|no|on|off|none|null)$/i.test(value)) return undefined;
  if (/^(?:\/|\.{1,2}\/|[A-Za-z]:\\)/.test(value)) return undefined;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return undefined;
  if (last === 'token' && /^\d+$/.test(value)) return undefined;
  return `a literal value under a name that ends in ${isKey ? `${before} key` : last}`;
}

/** What the words of a name say, those left out that change nothing at its end. */
interface Meaning {
  readonly first: string;
  readonly before: string;
  readonly last: string;
  readonly isSecret: boolean;
  readonly isKey: boolean;
}

/** Workloads are given settings of few names, each of them many times. */
const MEANINGS = new Map<string, Meaning>();

function meaningOf(name: string): Meaning {
  const known = MEANINGS.get(name);
  if (known !== undefined) return known;
  const words = wordsOf(name);
  while (words.length > 1 && TRAILERS.test(words.at(-1) ?? '')) words.pop();
  const [first = ''] = words;
  const [before = '', last = ''] = [words.at(-2), words.at(-1)];
  const isKey = last === 'key' && KEY_QUALIFIERS.has(before);
  const isSecret = SECRET_WORDS.has(last) || SECRET_ENDINGS.test(last) || isKey;
  const meaning = { first, before, last, isSecret, isKey };
  MEANINGS.set(name, meaning);
  return meaning;
}

/** `OPENAI_API_KEY`, `openai.api-key` and `openaiApiKey` are the same three words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

const USER_AND_PASSWORD = /^[^\s:]+:\S+$/;

/** All of it comes from elsewhere: `$(POSTGRES_PASSWORD)`, `${TOKEN}`, `{{ .Values.key }}`. */
function isComposed(value: string): boolean {
  return /^(?:\$\([A-Za-z_][\w.-]*\)|\$\{[^}]*\}|\{\{[^}]*\}\})+$/.test(value);
}
