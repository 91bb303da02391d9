/** A secret that stands in a text: what kind it is and where, never its value. */
export interface SecretInText {
  readonly kind: string;
  readonly index: number;
  readonly length: number;
}

interface SecretPattern {
  readonly kind: string;
  /** What every match holds, in either case: quick to look for. */
  readonly trace: RegExp;
  /** Where it has a group named `secret`, only that part is the secret. */
  readonly pattern: RegExp;
}

/** Earlier ones win. Every repetition before a part that can fail is bounded, because the text may be a hostile server's. */
const PATTERNS: readonly SecretPattern[] = [
  // The mark that maskSecrets left: a saved snapshot is judged as the live one was.
  { kind: 'masked', trace: /\[hidden:/, pattern: /\[hidden:(?<kind>[a-z-]+)\]/g },
  {
    kind: 'private-key',
    trace: /-----BEGIN /,
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  },
  { kind: 'anthropic-key', trace: /sk-ant-/, pattern: /\bsk-ant-[A-Za-z0-9_-]{16,}/g },
  { kind: 'openai-key', trace: /sk-/, pattern: /\bsk-(?!ant-)(?=[A-Za-z0-9_-]{0,64}[0-9])[A-Za-z0-9_-]{16,}/g },
  { kind: 'groq-key', trace: /gsk_/, pattern: /\bgsk_[A-Za-z0-9]{20,}/g },
  { kind: 'replicate-token', trace: /r8_/, pattern: /\br8_[A-Za-z0-9]{20,}/g },
  { kind: 'nvidia-key', trace: /nvapi-/, pattern: /\bnvapi-[A-Za-z0-9_-]{20,}/g },
  { kind: 'pinecone-key', trace: /pcsk_/, pattern: /\bpcsk_[A-Za-z0-9_]{20,}/g },
  { kind: 'gitlab-token', trace: /glpat-/, pattern: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { kind: 'hugging-face-token', trace: /hf_/, pattern: /\bhf_[A-Za-z0-9]{20,}/g },
  {
    kind: 'github-token',
    trace: /gh[pousr]_|github_pat_/,
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,})/g,
  },
  { kind: 'slack-token', trace: /xox[abeoprs]-/, pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { kind: 'google-key', trace: /AIza/, pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { kind: 'aws-access-key', trace: /A[KS]IA/, pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  {
    kind: 'json-web-token',
    trace: /eyJ/,
    pattern: /\beyJ[A-Za-z0-9_-]{8,512}\.eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,}/g,
  },
  {
    kind: 'password-in-url',
    trace: /:\/\//,
    pattern: /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:@/"'<>]{0,128}:(?<secret>[^\s@/"'<>]{1,256})@/gi,
  },
  {
    kind: 'bearer-token',
    trace: /(?:bearer|basic)\s/,
    pattern: /\b(?:bearer|basic)\s+(?<secret>[A-Za-z0-9._~+/-]{16,}=*)/gi,
  },
  {
    kind: 'password',
    trace: /passw|(?:api|secret)[_-]?key|client[_-]?secret|(?:access|auth)[_-]?token/,
    pattern:
      /\b(?:password|passwd|pgpassword|api[_-]?key|client[_-]?secret|secret[_-]?key|access[_-]?token|auth[_-]?token)(?:\s*=\s*\\?["']?|\\?["']\s*[:=]\s*\\?["'])(?<secret>[^\s"'\\,;&}\])]{6,256})/gi,
  },
];

/** Nearly every text has none of the traces, and then none of the secrets: one look is cheaper than one for each pattern. */
const ANY_TRACE = new RegExp(PATTERNS.map(({ trace }) => trace.source).join('|'), 'i');

/** Values that stand where a secret would, and are none. */
const HARMLESS =
  /^(?:\*+|x{3,}|\.{3,}|<.*>?|\$\{?.*|%[sd]|\[?(?:redacted|hidden|masked|filtered|censored|removed|secret|undefined|null|none|true|false|missing|required|invalid|empty)\b.*)$/i;

/**
 * Finds secrets by the forms that providers and connection strings give them, in the order of the text. Finds that overlap
 * become one, so that no part of either is left over.
 */
export function findSecrets(text: string): readonly SecretInText[] {
  if (!ANY_TRACE.test(text)) return [];
  const finds = PATTERNS.flatMap((pattern, rank) => findPattern(text, pattern, rank)).sort((a, b) => a.index - b.index);
  const found: Find[] = [];
  for (const find of finds) {
    const last = found.at(-1);
    if (last === undefined || last.index + last.length <= find.index) found.push(find);
    else {
      const length = Math.max(last.index + last.length, find.index + find.length) - last.index;
      found[found.length - 1] = { ...(find.rank < last.rank ? find : last), index: last.index, length };
    }
  }
  return found.map(({ kind, index, length }) => ({ kind, index, length }));
}

interface Find extends SecretInText {
  /** The place of its pattern in the list. */
  readonly rank: number;
}

function findPattern(text: string, { kind, pattern }: SecretPattern, rank: number): readonly Find[] {
  const found: Find[] = [];
  for (const match of text.matchAll(pattern)) {
    const value = match.groups?.secret ?? match[0];
    if (match.groups?.secret !== undefined && HARMLESS.test(value)) continue;
    const index = match.index + match[0].indexOf(value, match[0].length - value.length - 1);
    found.push({ kind: match.groups?.kind ?? kind, index, length: value.length, rank });
  }
  return found;
}

/** Replaces each secret by a mark that tells its kind, so that a fact can be kept and judged without it. */
export function maskSecrets(text: string): string {
  let masked = '';
  let end = 0;
  for (const { kind, index, length } of findSecrets(text)) {
    masked += `${text.slice(end, index)}[hidden:${kind}]`;
    end = index + length;
  }
  return end === 0 ? text : masked + text.slice(end);
}
