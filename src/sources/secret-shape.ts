import type { KubernetesObject, Secret, SecretValueShape, TokenShape } from '../core/objects.ts';
import { shapeOfValue } from '../kubernetes/placeholder.ts';
import { shapeOfCertificate } from './certificate-shape.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { expiryOfToken } from './token-expiry.ts';

/**
 * Replaces a Secret by its shape, at the border: which keys there are and whether each is empty, a placeholder or filled; with a
 * hash, also which of them are equal; when its tokens end, and what its certificate says. Annotations go too, since kubectl keeps whole Secrets in `last-applied-configuration`.
 */
export function shapeOfSecret(object: KubernetesObject, hash?: KeyedHash): Secret {
  const raw = object as KubernetesObject & {
    readonly type?: string;
    readonly data?: unknown;
    readonly stringData?: unknown;
  };
  const values = new Map<string, Buffer>();
  for (const [key, value] of entriesOf(raw.data)) values.set(key, Buffer.from(String(value ?? ''), 'base64'));
  for (const [key, value] of entriesOf(raw.stringData)) values.set(key, Buffer.from(String(value ?? '')));
  const data: Record<string, SecretValueShape> = {};
  const hashes: Record<string, string> = {};
  for (const [key, value] of values) {
    data[key] = shapeOfValue(value.toString('utf8'));
    // A hash of the text would make one of all bytes that are no UTF-8.
    if (hash !== undefined) hashes[key] = hash(value);
  }
  const tokens = [...values].flatMap(([key, value]): readonly TokenShape[] => {
    const expiresAt = expiryOfToken(value.toString('utf8'));
    return expiresAt === undefined ? [] : [{ key, expiresAt }];
  });
  const { annotations: _annotations, ...metadata } = raw.metadata ?? {};
  const textOf = (key: string) => values.get(key)?.toString('utf8');
  const certificate = shapeOfCertificate(textOf('tls.crt'), textOf('tls.key'), textOf('ca.crt'));
  return {
    ...(raw.apiVersion === undefined ? {} : { apiVersion: raw.apiVersion }),
    kind: raw.kind,
    metadata,
    ...(raw.type === undefined ? {} : { type: raw.type }),
    data,
    ...(hash === undefined ? {} : { hashes }),
    ...(tokens.length === 0 ? {} : { tokens }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
