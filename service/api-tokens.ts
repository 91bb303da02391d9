/** Shorter ones could be guessed. */
const MIN_LENGTH = 16;

/**
 * Reads the tokens that callers of the API bear; undefined where it was said that there are none. That nobody said anything
 * is a fault: an API that is open by oversight would be found by others first.
 */
export function readApiTokens(
  given: string | undefined,
  auth: string | undefined,
  problems: string[],
): readonly string[] | undefined {
  if (auth !== undefined && auth !== 'on' && auth !== 'off') problems.push('API_AUTH must be on or off.');
  if (auth === 'off') {
    if (given !== undefined) problems.push('API_AUTH is off and API_TOKENS is set: keep one of them.');
    return undefined;
  }
  const tokens = (given ?? '').split(/[\s,]+/).filter((token) => token !== '');
  if (tokens.length === 0)
    problems.push(
      'API_TOKENS is missing: give the tokens of those who may ask, with commas between them, or set API_AUTH to off if anybody may.',
    );
  if (tokens.some((token) => token.length < MIN_LENGTH || !/^[\w.~+/-]+=*$/.test(token)))
    problems.push(
      `Each of API_TOKENS must have at least ${MIN_LENGTH} characters, all of them letters, digits or -._~+/.`,
    );
  return tokens;
}
