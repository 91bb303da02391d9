import { createHash } from 'node:crypto';

/** `sha256:` and the digest of a text in hexadecimal. */
export function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
