/**
 * When a token ends, in ISO 8601, where a text is a JSON Web Token that says so (`exp`, RFC 7519, section 4.1.4). Nothing else of
 * it is looked at, and nothing is kept; whether its signature is good is not ours to say.
 */
export function expiryOfToken(text: string): string | undefined {
  const [, header, payload] = /^(?:Bearer\s+)?([\w-]+)\.([\w-]+)\.[\w-]*$/i.exec(text.trim()) ?? [];
  if (header === undefined || payload === undefined) return undefined;
  if (typeof claimsIn(header)?.alg !== 'string') return undefined;
  const seconds = claimsIn(payload)?.exp;
  if (typeof seconds !== 'number') return undefined;
  const end = new Date(seconds * 1000);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}

function claimsIn(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
