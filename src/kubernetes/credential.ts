/**
 * Tells whether a setting written in plain text is a credential, from its name and its value together. A name alone
 * flags MAX_TOKENS, a value alone misses a weak password.
 */
export function credentialIn(name: string, value: string): string | undefined {
  const text = value.trim();
  if (text === '' || isComposed(text)) return undefined;
  return credentialInText(text) ?? credentialByName(name, text);
}

const KEY_FORMATS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  {
    what: 'a private key in PEM',
    pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$)/,
  },
  { what: 'an Anthropic API key', pattern: /\bsk-ant-[A-Za-z0-9_-]{16,}/ },
  { what: 'an OpenAI-style API key', pattern: /\bsk-(?:proj-|svcacct-|or-v1-)?[A-Za-z0-9_-]{16,}/ },
  { what: 'a Langfuse secret key', pattern: /\bsk-lf-[A-Za-z0-9-]{8,}/ },
  { what: 'a Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{20,}/ },
  { what: 'a Groq API key', pattern: /\bgsk_[A-Za-z0-9]{20,}/ },
  { what: 'a Replicate token', pattern: /\br8_[A-Za-z0-9]{20,}/ },
  { what: 'an NVIDIA API key', pattern: /\bnvapi-[A-Za-z0-9_-]{20,}/ },
  { what: 'a Pinecone API key', pattern: /\bpcsk_[A-Za-z0-9_]{20,}/ },
  { what: 'an AWS access key id', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { what: 'a Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}\b/ },
  { what: 'a GitHub token', pattern: /\b(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})/ },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
  { what: 'a Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{10,}/ },
  { what: 'a signed token (JWT)', pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/ },
];

const REDACTED = /\[redacted: ([^\]]+)\]/;

/** What stands where a credential stood. */
export function redactionMark(what: string): string {
  return `[redacted: ${what}]`;
}

const USERINFO = /\b([a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*):([^\s/?#@]+)@/gi;

/** Replaces every credential that can be told by its form, wherever it stands in a text. */
export function redactText(text: string): string {
  let safe = text;
  for (const { what, pattern } of KEY_FORMATS)
    safe = safe.replace(new RegExp(pattern.source, `${pattern.flags}g`), redactionMark(what));
  return safe.replace(USERINFO, (whole, before: string, password: string) =>
    isComposed(password) ? whole : `${before}:${redactionMark('a password inside a URL')}@`,
  );
}

/** What credential a text holds by its form alone: a provider's key, a PEM key, a password inside a URL. */
export function credentialInText(text: string): string | undefined {
  const redacted = REDACTED.exec(text)?.[1];
  if (redacted !== undefined) return redacted;
  const format = KEY_FORMATS.find(({ pattern }) => pattern.test(text));
  if (format !== undefined) return format.what;
  const password = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:([^\s/?#@]+)@/i.exec(text)?.[1];
  return password === undefined || isComposed(password) ? undefined : 'a password inside a URL';
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

function credentialByName(name: string, value: string): string | undefined {
  const words = wordsOf(name);
  while (words.length > 1 && TRAILERS.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  const isKey = last === 'key' && KEY_QUALIFIERS.has(words.at(-2) ?? '');
  if (!SECRET_WORDS.has(last) && !SECRET_ENDINGS.test(last) && !isKey) return undefined;
  if (COUNTERS.has(words[0] ?? '')) return undefined;
  if (/^(?:true|false|yes|no|on|off|none|null)$/i.test(value)) return undefined;
  if (/^(?:\/|\.{1,2}\/|[A-Za-z]:\\)/.test(value)) return undefined;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return undefined;
  if (last === 'token' && /^\d+$/.test(value)) return undefined;
  return `a literal value under a name that ends in ${isKey ? `${words.at(-2)} key` : last}`;
}

/** `OPENAI_API_KEY`, `openai.api-key` and `openaiApiKey` are the same three words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** All of it comes from elsewhere: `$(POSTGRES_PASSWORD)`, `${TOKEN}`, `{{ .Values.key }}`. */
function isComposed(value: string): boolean {
  return /^(?:\$\([A-Za-z_][\w.-]*\)|\$\{[^}]*\}|\{\{[^}]*\}\})+$/.test(value);
}
