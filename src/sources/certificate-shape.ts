import type { KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateShape, ChainLink, KeyShape } from '../core/objects.ts';
import { signatureAlgorithmOf } from './signature-algorithm.ts';

/** More than any authority sends; what follows is not looked at. */
const MAX_CHAIN = 10;

/**
 * What the certificates in a `kubernetes.io/tls` Secret say of themselves, given as PEM. Whether a client trusts the last of them
 * is not decided here: that depends on the roots that the client has. Undefined where the first cannot be read.
 */
export function shapeOfCertificate(
  certificates: string | undefined,
  key: string | undefined,
  authority: string | undefined,
): CertificateShape | undefined {
  const [leaf, ...chain] = parseAll(certificates);
  if (leaf === undefined) return undefined;
  const signers = parseAll(authority);
  const last = chain.at(-1) ?? leaf;
  return {
    subjectAltNames: (leaf.subjectAltName ?? '').split(/,\s*/).filter((name) => name !== ''),
    issuer: oneLine(leaf.issuer),
    validFrom: leaf.validFromDate.toISOString(),
    validTo: leaf.validToDate.toISOString(),
    keyMatches: keyMatches(leaf, key),
    isAuthority: leaf.ca,
    ...(leaf.keyUsage === undefined ? {} : { extendedUsage: leaf.keyUsage }),
    ...described(leaf),
    selfSigned: isSelfSigned(leaf),
    chain: chain.map((link, index) => toLink(link, chain[index - 1] ?? leaf)),
    ...(signers.length === 0
      ? {}
      : {
          signedByAuthority: signers.some(
            (signer) => signer.fingerprint256 === last.fingerprint256 || isSignedBy(last, signer),
          ),
        }),
  };
}

function toLink(link: X509Certificate, previous: X509Certificate): ChainLink {
  return {
    subject: oneLine(link.subject),
    signedPrevious: isSignedBy(previous, link),
    validTo: link.validToDate.toISOString(),
    ...described(link),
    selfSigned: isSelfSigned(link),
  };
}

function described(certificate: X509Certificate): { readonly key?: KeyShape; readonly signature?: string } {
  const key = shapeOfKey(certificate);
  const signature = signatureAlgorithmOf(certificate.raw);
  return { ...(key === undefined ? {} : { key }), ...(signature === undefined ? {} : { signature }) };
}

function shapeOfKey(certificate: X509Certificate): KeyShape | undefined {
  const key = attempt((): KeyObject => certificate.publicKey);
  if (key?.asymmetricKeyType === undefined) return undefined;
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return { type: key.asymmetricKeyType, ...(bits === undefined ? {} : { bits }) };
}

/** By its name and by its signature: names alone say nothing after an authority was made anew. */
function isSignedBy(certificate: X509Certificate, signer: X509Certificate): boolean {
  return attempt(() => certificate.checkIssued(signer) && certificate.verify(signer.publicKey)) ?? false;
}

/** Whatever its key usage says: a certificate that somebody made by hand rarely says that it may sign. */
function isSelfSigned(certificate: X509Certificate): boolean {
  return (
    certificate.subject === certificate.issuer && (attempt(() => certificate.verify(certificate.publicKey)) ?? false)
  );
}

function keyMatches(leaf: X509Certificate, key: string | undefined): boolean | undefined {
  return key === undefined || key === ''
    ? undefined
    : attempt(() => leaf.checkPrivateKey(crypto().createPrivateKey(key)));
}

/** Every certificate of a PEM text; none where one of them cannot be read. */
function parseAll(text: string | undefined): readonly X509Certificate[] {
  const blocks = text?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return attempt(() => blocks.slice(0, MAX_CHAIN).map((block) => new (crypto().X509Certificate)(block))) ?? [];
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}

/** What OpenSSL refuses to look at is not known, and is no reason to end a run. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Loaded where there is a certificate: it takes a tenth of the time of a small run. */
function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}
