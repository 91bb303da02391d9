/** The forms that secrets have in any text, whoever they belong to. Every repetition is bounded: the text may be hostile. */
export const SECRET_FORMS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, '[private key]'],
  [/\b([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s/"'<>]{1,512}@/gi, '$1[credentials]@'],
  [/\beyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){1,4}/g, '[token]'],
  [/\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{8,}/g, '[key]'],
  [/\b(?:gsk|r8|hf|pcsk|ghp|gho|ghu|ghs|ghr|github_pat)_[A-Za-z0-9_]{16,}/g, '[key]'],
  [/\b(?:nvapi|glpat|xox[abeoprs])-[A-Za-z0-9_-]{10,}/g, '[key]'],
  [/\bAIza[A-Za-z0-9_-]{30,}/g, '[key]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[key]'],
  [/\b(bearer|basic|digest|negotiate)\s+[A-Za-z0-9._~+/-]{6,}=*/gi, '$1 [token]'],
  // What stands after such a header's name is all of it, to the end of the line.
  [
    /\b((?:proxy-)?authorization|(?:set-)?cookie)(["']?\s{0,4}[:=]\s{0,4})(?:"[^"]*"|'[^']*'|[^\r\n]+)/gi,
    '$1$2[hidden]',
  ],
  [
    /\b([\w.-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|session[_-]?id|signature))(\\?["']?\s{0,4}[:=]\s{0,4})(?:\\?"(?:[^"\\]|\\[^"])*(?:\\?"|$)|'[^']*(?:'|$)|[^\s&;,"'\\)}\]]+)/gi,
    '$1$2[hidden]',
  ],
];

/** A line that holds none of these holds nothing of the forms above, which is quick to tell. */
export const MAY_HOLD_SECRET =
  /PRIVATE KEY|:\/\/[^\s/"]{1,512}@|eyJ|[sprk]k[-_]|gsk_|r8_|hf_|gh[opusr]_|github_pat|nvapi-|glpat-|xox|AIza|AKIA|ASIA|bearer|basic|digest|negotiate|authorization|cookie|passw|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|session[_-]?id|signature/i;

const SENSITIVE_NAME =
  /(?:password|passwd|passphrase|pwd|secret|token|apikey|accesskey|privatekey|credentials?|authorization|cookies?|sessionid|signature|dsn|connectionstring|databaseurl)$/;

/** Tells by a field's name that its value is nobody's business. */
export function isSensitiveName(name: string): boolean {
  return SENSITIVE_NAME.test(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
}
