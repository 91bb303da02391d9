import type { CertificateShape, KeyShape } from '../../../core/objects.ts';
import type { Fault } from './faults.ts';

/** The least that the CA/Browser Forum's baseline requirements (section 6.1.5) allow, and browsers accept. */
const MIN_RSA_BITS = 2048;
/** What no browser takes any more, by object identifier. */
const BROKEN_SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'MD5 with RSA',
  '1.2.840.113549.1.1.5': 'SHA-1 with RSA',
  '1.2.840.10045.4.1': 'SHA-1 with ECDSA',
};
const SERVER_USES: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.3.1', '2.5.29.37.0']);

/** What makes clients refuse a certificate whose names and dates are right. */
export function strengthFaults(certificate: CertificateShape): readonly Fault[] {
  const { isAuthority, extendedUsage, chain = [] } = certificate;
  const links = [
    { ...certificate, what: 'the certificate' },
    ...chain.map((link) => ({ ...link, what: link.subject })),
  ];
  return [
    ...(isAuthority === true
      ? [
          {
            message: 'The certificate is one of an authority, and Firefox takes none of those from a server.',
            observed: 'CA:TRUE',
            expected: 'a certificate of a server (CA:FALSE)',
          },
        ]
      : []),
    ...(extendedUsage === undefined || extendedUsage.some((use) => SERVER_USES.has(use))
      ? []
      : [
          {
            message: 'The certificate may not be used by servers.',
            observed: `extended key usage ${extendedUsage.join(', ')}`,
            expected: 'serverAuth (1.3.6.1.5.5.7.3.1) among the extended key usages',
          },
        ]),
    ...links.flatMap(({ key, what }) => (isShort(key) ? [shortKey(what, key)] : [])),
    // Nobody looks at how a root is signed: it is trusted for being known.
    ...links.flatMap(({ signature, what, selfSigned }, index) => {
      const broken = BROKEN_SIGNATURES[signature ?? ''];
      return broken === undefined || (selfSigned === true && index > 0) ? [] : [brokenSignature(what, broken)];
    }),
  ];
}

function isShort(key: KeyShape | undefined): key is Required<KeyShape> {
  return key?.type.startsWith('rsa') === true && key.bits !== undefined && key.bits < MIN_RSA_BITS;
}

function shortKey(what: string, { bits }: Required<KeyShape>): Fault {
  return {
    message: 'A key is too short for browsers.',
    observed: `RSA with ${bits} bits, of ${what}`,
    expected: `RSA with ${MIN_RSA_BITS} bits or more, or ECDSA`,
  };
}

function brokenSignature(what: string, algorithm: string): Fault {
  return {
    message: 'A signature is made in a way that browsers refuse.',
    observed: `${algorithm}, of ${what}`,
    expected: 'a signature with SHA-256 or better',
  };
}
