import { isSensitiveName, MAY_HOLD_SECRET, SECRET_FORMS } from './secret-forms.ts';

/** Takes secrets out of whatever is to be told. */
export interface Scrub {
  /** Out of any text: the known values in every spelling, and whatever has the form of a secret. */
  (text: string): string;
  /** Out of a value that JSON can tell, at any depth: also what stands under a telling name. */
  deep(value: unknown): unknown;
  /** Whether a line of JSON may hold a secret at all; it never says no where there is one. */
  mayApply(line: string): boolean;
}

/** A very short value would also hit innocent words. */
const MIN_LENGTH = 6;

export function createScrub(secrets: readonly (string | undefined)[]): Scrub {
  const known = knownValues(
    secrets.flatMap((secret) => (secret === undefined ? [] : spellings(secret))),
    'gi',
  );
  // In a line of JSON the same values stand escaped.
  const knownInJson = knownValues(
    secrets.flatMap((secret) =>
      secret === undefined ? [] : spellings(secret).flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]),
    ),
    'i',
  );
  const scrubText = (text: string): string => {
    let safe = known === undefined ? text : text.replace(known, '[secret]');
    if (MAY_HOLD_SECRET.test(safe))
      for (const [form, replacement] of SECRET_FORMS) safe = safe.replace(form, replacement);
    return safe;
  };
  const scrubDeep = (value: unknown): unknown => {
    if (typeof value === 'string') return scrubText(value);
    if (Array.isArray(value)) return value.map(scrubDeep);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        scrubText(name),
        isSensitiveName(name) && inner !== null && typeof inner !== 'boolean' ? '[hidden]' : scrubDeep(inner),
      ]),
    );
  };
  return Object.assign(scrubText, {
    deep: scrubDeep,
    mayApply: (line: string) =>
      knownInJson?.test(line) === true ||
      MAY_HOLD_SECRET.test(line) ||
      /dsn|database_?url|connection_?string/i.test(line),
  });
}

/** As it is, in a URL, and as Basic authentication and others encode it. */
function spellings(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret),
    encodeURI(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ];
}

function knownValues(values: readonly string[], flags: 'i' | 'gi'): RegExp | undefined {
  const whole = [...new Set(values)].filter((value) => value.length >= MIN_LENGTH).sort((a, b) => b.length - a.length);
  if (whole.length === 0) return undefined;
  return new RegExp(whole.map((value) => value.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|'), flags);
}

/** The secrets inside the settings: keys, and the password in the database's URL in both its spellings. */
export function secretsOf({
  databaseUrl,
  provider,
  apiTokens,
  tracing,
}: {
  readonly databaseUrl: string;
  readonly tracing?: { readonly secrets: readonly string[] } | undefined;
  readonly provider: { readonly apiKey: string } | undefined;
  readonly apiTokens?: readonly string[] | undefined;
}): readonly (string | undefined)[] {
  const password = URL.canParse(databaseUrl) ? new URL(databaseUrl).password : '';
  return [
    databaseUrl,
    password,
    decoded(password),
    provider?.apiKey,
    ...(apiTokens ?? []),
    ...(tracing?.secrets ?? []),
  ];
}

/** A `%` in a password that encodes nothing is the password's own. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
