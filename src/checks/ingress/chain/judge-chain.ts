import type { Verdict } from '../../../core/check.ts';
import type { TlsHandshake } from '../../../core/edge-facts.ts';
import type { CertificateShape, ChainLink } from '../../../core/objects.ts';
import { strengthFaults } from '../certificate/strength-faults.ts';
import { UNKNOWN_AUTHORITY } from '../unknown-authority.ts';

/** Judges the certificates of one host as they were sent. */
export function judgeChain(
  handshake: TlsHandshake,
  certificate: CertificateShape,
  isCluster: boolean,
  minDays: number,
): readonly Verdict[] {
  const { serverName, request } = handshake;
  const { chain = [] } = certificate;
  const about = (subject: string) => ({ subject: `${subject} of ${serverName}`, where: { request } });
  const links = chain.map(({ subject }) => subject);
  const sent = `sent: the certificate${links.length === 0 ? ' alone' : `, then ${links.join('; ')}`}`;
  const stranger = chain.find(({ signedPrevious }) => !signedPrevious);
  const strength = strengthFaults(certificate);
  return [
    stranger === undefined
      ? {
          ...about('order of the chain'),
          outcome: 'pass',
          message: 'Each certificate is signed by the one that follows it.',
          observed: sent,
        }
      : {
          ...about('order of the chain'),
          outcome: 'fail',
          severity: 'warning',
          message: 'The certificates do not follow from one another, so some clients find no way to a root.',
          observed: `${sent}; ${stranger.subject} did not sign the one before it`,
          expected: 'the certificate, then the one that signed it, and so on',
        },
    { ...about('completeness of the chain'), ...judgeCompleteness(handshake, certificate, isCluster), observed: sent },
    ...chain.slice(-1).map(
      (last): Verdict => ({
        ...about('root in the chain'),
        outcome: last.selfSigned ? 'fail' : 'pass',
        severity: 'note',
        message: last.selfSigned
          ? 'The root is sent along: no client takes it from there, and every handshake carries it.'
          : 'The root is left out, as clients have their own.',
        observed: sent,
        expected: 'the chain without its root',
      }),
    ),
    ...chain
      .filter((link) => !link.selfSigned)
      .map((link): Verdict => ({ ...about(`expiry of ${link.subject}`), ...judgeExpiry(link, handshake, minDays) })),
    ...(strength.length === 0
      ? [
          {
            ...about('keys and signatures'),
            outcome: 'pass' as const,
            message: 'Keys and signatures are such as browsers accept.',
            observed: [certificate, ...chain].map(keyOf).join(', then '),
          },
        ]
      : strength.map((fault): Verdict => ({ ...about('keys and signatures'), outcome: 'fail', ...fault }))),
  ];
}

/** OpenSSL tells whether it found a root; where it did not, the chain itself tells whether something can be missing. */
function judgeCompleteness(
  { authorized, authorizationError = '' }: TlsHandshake,
  { chain = [], selfSigned, issuer }: CertificateShape,
  isCluster: boolean,
): Pick<Verdict, 'outcome' | 'message' | 'expected' | 'fix'> {
  const expected = 'every certificate up to one that a known root has signed';
  const endsAtRoot = chain.at(-1)?.selfSigned ?? selfSigned ?? false;
  if (authorized || endsAtRoot || !UNKNOWN_AUTHORITY.has(authorizationError))
    return { outcome: 'pass', message: 'No certificate is missing between the first and the root.', expected };
  const end = chain.at(-1)?.subject ?? `the certificate, issued by ${issuer}`;
  return {
    // Whom the callers of a cluster's edge trust is not known here.
    outcome: isCluster ? 'unknown' : 'fail',
    message: `The chain ends at ${end}, and who signed that is neither sent nor known here.`,
    expected,
    fix: 'Send the missing intermediate after the certificate; where the authority is your own, give its certificate with --ca FILE.',
  };
}

function judgeExpiry(
  { validTo }: ChainLink,
  { observedAt = '' }: TlsHandshake,
  minDays: number,
): Pick<Verdict, 'outcome' | 'message' | 'observed' | 'expected'> {
  const days = Math.floor((Date.parse(validTo) - Date.parse(observedAt)) / 86_400_000);
  return {
    outcome: days >= minDays ? 'pass' : 'fail',
    message: days < 0 ? 'It has expired.' : `It is valid for ${days} more days.`,
    observed: `valid until ${validTo}`,
    expected: `at least ${minDays} days left`,
  };
}

function keyOf({ key }: Pick<CertificateShape, 'key'>): string {
  return key === undefined ? 'an unknown key' : `${key.type}${key.bits === undefined ? '' : ` with ${key.bits} bits`}`;
}
