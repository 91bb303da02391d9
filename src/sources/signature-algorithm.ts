/**
 * The object identifier of the algorithm that a certificate was signed with, such as `1.2.840.113549.1.1.5`, from its DER form
 * (RFC 5280, section 4.1: the field after `tbsCertificate`). Node tells it from version 24.9 on only. Undefined where the bytes
 * are no certificate.
 */
export function signatureAlgorithmOf(der: Uint8Array): string | undefined {
  const certificate = readElement(der, 0, SEQUENCE);
  const signed = certificate && readElement(der, certificate.start, SEQUENCE);
  const algorithm = signed && readElement(der, signed.end, SEQUENCE);
  const identifier = algorithm && readElement(der, algorithm.start, OBJECT_IDENTIFIER);
  return identifier && decodeIdentifier(der.subarray(identifier.start, identifier.end));
}

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;

interface Element {
  /** Of what it holds. */
  readonly start: number;
  readonly end: number;
}

/** The element that begins at an offset, where it has the tag (X.690, section 8.1). */
function readElement(der: Uint8Array, offset: number, tag: number): Element | undefined {
  const first = der[offset + 1];
  if (der[offset] !== tag || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4) return undefined;
  const start = offset + 2 + lengthBytes;
  let length = lengthBytes === 0 ? first : 0;
  for (const byte of der.subarray(offset + 2, start)) length = length * 256 + byte;
  return start + length <= der.length ? { start, end: start + length } : undefined;
}

/** X.690, section 8.19: seven bits in each byte, and the first number holds two. */
function decodeIdentifier(bytes: Uint8Array): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (numbers.length === 0)
      numbers.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
    else numbers.push(value);
    value = 0;
  }
  return numbers.join('.');
}
