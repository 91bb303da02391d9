import type { EdgeShape } from '../edge.ts';
import type { Fault } from '../fault.ts';

const EDGE = '5.2';

/** What callers meet before the service, over TLS. */
export const EDGE_FAULTS: readonly Fault[] = [
  fault(
    'certificate-expired',
    'The certificate has expired.',
    { certificate: 'expired' },
    /The certificate has expired/,
  ),
  fault(
    'certificate-ends-soon',
    'The certificate ends in three days, and nothing renews it.',
    { certificate: 'ends-soon' },
    /The certificate is valid for [23] more days/,
  ),
  fault(
    'certificate-of-another-name',
    'The certificate is for another host.',
    { certificate: 'wrong-name' },
    /Clients refuse the certificate: ERR_TLS_CERT_ALTNAME_INVALID/,
  ),
  fault(
    'certificate-of-unknown-authority',
    'The certificate is signed by somebody whom callers do not know.',
    { certificate: 'foreign' },
    /Clients refuse the certificate: .*(?:UNABLE_TO|SELF_SIGNED)/,
  ),
  fault(
    'certificate-self-signed',
    'The certificate is signed by itself.',
    { certificate: 'self-signed' },
    /Clients refuse the certificate: DEPTH_ZERO_SELF_SIGNED_CERT/,
  ),
  fault(
    'certificate-without-intermediate',
    'The server does not send the certificate of the authority between.',
    { certificate: 'without-intermediate' },
    /Clients refuse the certificate: UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
  ),
  fault(
    'tls-obsolete',
    'TLS 1.0 and 1.1 are accepted.',
    { obsolete: true },
    /The server still accepts TLSv1 and TLSv1\.1/,
  ),
  fault(
    'no-hsts',
    'Browsers are not told to come back over https.',
    { hsts: undefined },
    /do not carry Strict-Transport-Security/,
  ),
  fault(
    'hsts-off',
    'Browsers are told to forget that they should come over https.',
    { hsts: 'max-age=0' },
    /do not carry Strict-Transport-Security/,
  ),
  fault(
    'plain-http-serves',
    'Plain HTTP is answered as https is.',
    { plain: 'serves' },
    /Plain HTTP is answered without a redirect to https/,
  ),
  fault(
    'cipher-of-old-times',
    'The server takes ciphers in CBC mode with SHA-1 only.',
    { ciphers: 'ECDHE-ECDSA-AES128-SHA' },
    /cipher/i,
    'ingress/ciphers',
  ),
  fault('no-http2', 'The edge speaks HTTP/1.1 only.', { http2: false }, /HTTP\/2/, 'http/version'),
];

function fault(
  name: string,
  tells: string,
  edge: Partial<EdgeShape>,
  says: RegExp,
  check = 'ingress/handshake',
): Fault {
  return { name, tells, item: EDGE, check, says, edge };
}
