import type { X509Certificate } from 'node:crypto';
import type { CertificateShape, KubernetesObject, Secret, SecretValueShape } from '../core/objects.ts';
import { shapeOfValue } from '../kubernetes/placeholder.ts';
import type { KeyedHash } from './keyed-hash.ts';

/**
 * Replaces a Secret by its shape, at the border: which keys there are and whether each is empty, a placeholder or filled; with a
 * hash, also which of them are equal. Annotations go too, since kubectl keeps whole Secrets in `last-applied-configuration`.
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
  const { annotations: _annotations, ...metadata } = raw.metadata ?? {};
  const certificate = shapeOfCertificate(values.get('tls.crt'), values.get('tls.key')?.toString('utf8'));
  return {
    ...(raw.apiVersion === undefined ? {} : { apiVersion: raw.apiVersion }),
    kind: raw.kind,
    metadata,
    ...(raw.type === undefined ? {} : { type: raw.type }),
    data,
    ...(hash === undefined ? {} : { hashes }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

function shapeOfCertificate(certificate: Buffer | undefined, key: string | undefined): CertificateShape | undefined {
  if (certificate === undefined) return undefined;
  try {
    const leaf = new (crypto().X509Certificate)(certificate);
    return {
      subjectAltNames: (leaf.subjectAltName ?? '').split(/,\s*/).filter((name) => name !== ''),
      issuer: leaf.issuer.replaceAll('\n', ', '),
      validFrom: leaf.validFromDate.toISOString(),
      validTo: leaf.validToDate.toISOString(),
      keyMatches: keyMatches(leaf, key),
    };
  } catch {
    return undefined;
  }
}

/** Loaded where there is a certificate: it takes a tenth of the time of a small run. */
function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}

function keyMatches(leaf: X509Certificate, key: string | undefined): boolean | undefined {
  try {
    return key === undefined || key === '' ? undefined : leaf.checkPrivateKey(crypto().createPrivateKey(key));
  } catch {
    return undefined;
  }
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
