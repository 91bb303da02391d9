import { findSecrets, maskSecrets } from '../core/secret-text.ts';
import { CREDENTIAL_MARK, credentialIn, credentialInText } from './credential.ts';
import { encodedParts } from './encoded-text.ts';

/** A setting inside a file: an env file, YAML, JSON, a properties file, an SQL script. */
interface SettingInText {
  readonly name: string;
  readonly value: string;
  /** Where the value begins. */
  readonly index: number;
}

/** What credential the body of a file holds, by the form of a text or by the name and value of a setting in it. */
export function credentialInBody(body: string): string | undefined {
  const known = KNOWN.get(body);
  if (known !== undefined) return known.found;
  const found = searchBody(body);
  if (KNOWN.size === MOST_KNOWN) KNOWN.clear();
  KNOWN.set(body, { found });
  return found;
}

/** Charts bring the same files to a thousand namespaces. */
const KNOWN = new Map<string, { readonly found: string | undefined }>();
const MOST_KNOWN = 1000;

function searchBody(body: string): string | undefined {
  for (const { name, value } of settingsInText(body)) {
    const what = credentialIn(name, value);
    if (what !== undefined) return what;
  }
  return credentialInText(body);
}

/** The same text with a mark in the place of every credential. */
export function redactBody(body: string): string {
  let safe = '';
  let end = 0;
  for (const { name, value, index } of settingsInText(body)) {
    // What is masked by its form, now or in an earlier copy, keeps the mark that tells its form.
    if (index < end || credentialIn(name, value) === undefined || findSecrets(value).length > 0) continue;
    safe += body.slice(end, index) + CREDENTIAL_MARK;
    end = index + value.length;
  }
  return redactEncoded(maskSecrets(safe + body.slice(end)).replace(REST_OF_PASSWORD, '$<mark>'));
}

/** A password with an @ in it, of which a URL's form gives away the first part. */
const REST_OF_PASSWORD = /(?<mark>\[hidden:password-in-url\])(?:@[^\s/@"'<>,:]{1,256})+(?=@)/g;

function redactEncoded(text: string): string {
  let safe = '';
  let end = 0;
  for (const { index, length, decoded } of encodedParts(text).toSorted((a, b) => a.index - b.index)) {
    if (index < end || credentialInBody(decoded) === undefined) continue;
    safe += text.slice(end, index) + CREDENTIAL_MARK;
    end = index + length;
  }
  return end === 0 ? text : safe + text.slice(end);
}

/** Each repetition is bounded or cannot overlap its neighbour, so that a long hostile line is read in linear time. */
const FORMS: readonly RegExp[] = [
  /^[ \t]*(?:export[ \t]+|-[ \t]+)?["']?(?<name>[A-Za-z_][\w.-]{0,127})["']?[ \t]{0,64}[:=][ \t]{0,64}(?<value>[^\r\n]{1,4096})/gm,
  /"(?<name>[A-Za-z_][\w.-]{0,127})"\s{0,64}:\s{0,64}"(?<value>(?:[^"\\\n]|\\.){1,4096})"/g,
  // JSON as a text inside of JSON, as often as that happens.
  /\\{1,16}"(?<name>[A-Za-z_][\w.-]{0,127})\\{1,16}"\s{0,64}:\s{0,64}\\{1,16}"(?<value>[^"\\\n]{1,4096})/g,
  // The query of a URL.
  /[?&](?<name>[A-Za-z_][\w.-]{0,127})=(?<value>[^&#\s"'<>\\]{1,4096})/g,
  /\b(?<name>password)\s{1,64}'(?<value>[^'\n]{1,256})'/gi,
];

function settingsInText(text: string): readonly SettingInText[] {
  return FORMS.flatMap((form) =>
    [...text.matchAll(form)].flatMap((match): readonly SettingInText[] => {
      const { name = '', value: written = '' } = match.groups ?? {};
      const value = unquote(written);
      if (value === '' || isExpression(value)) return [];
      return [{ name, value, index: match.index + match[0].lastIndexOf(written) + written.indexOf(value) }];
    }),
  ).sort((a, b) => a.index - b.index);
}

/** The text between quotes where there are any, else all before a comma, a semicolon or a comment at the end. */
function unquote(written: string): string {
  const quoted = /^(["'])(.*?)\1/.exec(written)?.[2];
  if (quoted !== undefined) return quoted;
  const bare = written.split(/[ \t]#/, 1)[0]?.trimEnd() ?? '';
  const value = bare.endsWith(',') || bare.endsWith(';') ? bare.slice(0, -1) : bare;
  // Without quotes, several words are prose: `password: the password of the user`.
  return /\s/.test(value) ? '' : value;
}

/** Taken from elsewhere when it is used: a shell's variable, a program's environment, a variable of psql. */
function isExpression(value: string): boolean {
  return /^(?:[$`:{[|>&*!%]|process\.env|os\.(?:environ|getenv)|env[.([]|System\.getenv|\w+\()/i.test(value);
}
