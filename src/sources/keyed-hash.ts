/** Tells equal values apart from different ones, and nothing else of them. */
export type KeyedHash = (value: Uint8Array) => string;

/**
 * HMAC-SHA256, shortened to 128 bits, under the key or, without one, under a key that nobody ever sees: hashes of one run can be
 * held against each other, and no guess at a short password can be tried on them afterwards. Whoever wants to hold snapshots of
 * different days against each other gives both runs the same key.
 */
export function createKeyedHash(key?: string): KeyedHash {
  const { createHmac, randomBytes } = process.getBuiltinModule('node:crypto');
  const secret = key ?? randomBytes(32);
  return (value) => `hmac-sha256:${createHmac('sha256', secret).update(value).digest('hex').slice(0, 32)}`;
}
