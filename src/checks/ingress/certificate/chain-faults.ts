import type { CertificateShape } from '../../../core/objects.ts';
import type { Fault } from './faults.ts';

/**
 * What can be said of a chain without the roots that clients have: whether its parts fit together. A chain that fits and ends
 * before a root can still lack an intermediate, and nobody can tell that from here.
 */
export function chainFaults(certificate: CertificateShape, observedAt: string): readonly Fault[] {
  const { chain = [], selfSigned, signedByAuthority, issuer } = certificate;
  const stranger = chain.find(({ signedPrevious }) => !signedPrevious);
  // A root may have ended or not: clients take their own copy of it.
  const ended = chain.filter((link) => !link.selfSigned && Date.parse(link.validTo) < Date.parse(observedAt));
  return [
    ...(selfSigned === true
      ? [
          {
            severity: 'warning' as const,
            message: 'The certificate is signed by itself, so every client refuses it that was not told to trust it.',
            observed: `issued by ${issuer}, its own subject`,
            expected: 'a certificate of an authority that the clients trust',
          },
        ]
      : []),
    ...(stranger === undefined
      ? []
      : [
          {
            severity: 'warning' as const,
            message:
              'The certificates in tls.crt do not follow from one another, so some clients find no way to a root.',
            observed: `${stranger.subject} did not sign the one before it`,
            expected: 'the certificate, then the one that signed it, and so on',
            fix: 'Write tls.crt anew, in order: the certificate of the server, then each intermediate.',
          },
        ]),
    ...ended.map(({ subject, validTo }) => ({
      message: 'A certificate of the chain has expired.',
      observed: `${subject} valid until ${validTo}`,
      expected: 'a chain whose every certificate is valid',
      fix: 'Take the present intermediate of the authority, and write it after the certificate.',
    })),
    ...(signedByAuthority === false && selfSigned !== true
      ? [
          {
            severity: 'note' as const,
            message:
              'The authority in ca.crt did not sign the chain, so clients that were given it refuse the certificate.',
            observed: `issued by ${issuer}, and not by what is in ca.crt`,
            expected: 'the authority that signed the last certificate of tls.crt',
            fix: 'Write the present authority into ca.crt; where it is there to know clients by, give it a Secret of its own.',
          },
        ]
      : []),
  ];
}
