const FORMS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b(?:sk|pk|rk)-[A-Za-z0-9_-]{8,}/g, '[key]'],
  [/\bBearer\s+[A-Za-z0-9._~+/=-]+/gi, 'Bearer [token]'],
  [/\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, '[token]'],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"]+@/gi, '$1[credentials]@'],
];

/** Makes a function that takes secrets out of any text: the known values, and whatever has the form of one. */
export function createScrub(secrets: readonly (string | undefined)[]): (text: string) => string {
  // A very short value would also hit innocent words.
  const values = secrets.filter((secret): secret is string => secret !== undefined && secret.length >= 6);
  return (text) => {
    let safe = text;
    for (const value of values) safe = safe.replaceAll(value, '[secret]');
    for (const [pattern, replacement] of FORMS) safe = safe.replace(pattern, replacement);
    return safe;
  };
}

/** The secrets inside the settings: keys, and the password in the database's URL in both its spellings. */
export function secretsOf({
  databaseUrl,
  provider,
}: {
  readonly databaseUrl: string;
  readonly provider: { readonly apiKey: string } | undefined;
}): readonly (string | undefined)[] {
  const password = URL.canParse(databaseUrl) ? new URL(databaseUrl).password : '';
  return [databaseUrl, password, decodeURIComponent(password), provider?.apiKey];
}
