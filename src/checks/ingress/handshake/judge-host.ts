import type { Verdict } from '../../../core/check.ts';
import type { EdgeHandshake, TlsHandshake } from '../../../core/edge-facts.ts';
import { coversHost, dnsNamesOf } from '../../../kubernetes/host-name.ts';
import { UNKNOWN_AUTHORITY } from '../unknown-authority.ts';

/** Judges what callers of one host are shown. */
export function judgeHost({ host, servedBy, handshake, refusal }: EdgeHandshake, minDays: number): readonly Verdict[] {
  // A cluster has many hosts, a URL has one.
  const named = (verdict: Verdict): Verdict =>
    servedBy === undefined ? verdict : { ...verdict, subject: `${servedBy.subject}: ${verdict.subject}` };
  if (refusal !== undefined)
    return [
      {
        outcome: 'fail',
        subject: servedBy?.subject ?? host,
        message: `The edge refuses to shake hands for ${host}.`,
        observed: refusal,
        expected: `a TLS handshake for ${host}`,
        ...(servedBy === undefined ? {} : { where: servedBy.where }),
      },
    ];
  if (!handshake.seen)
    return [
      {
        outcome: 'unknown',
        subject: servedBy?.subject ?? host,
        message: `No handshake could be made for ${host}: ${handshake.reason}.`,
        ...(servedBy === undefined ? {} : { where: servedBy.where }),
      },
    ];
  const { value } = handshake;
  return [
    judgeChain(value, servedBy !== undefined),
    judgeExpiry(value, minDays),
    judgeVersions(value),
    ...judgePlainHttp(value),
    judgeHsts(value),
  ].map(named);
}

/** Whom the callers of a cluster's edge trust is not known here: a company has an authority of its own more often than not. */
function judgeChain(handshake: TlsHandshake, isCluster: boolean): Verdict {
  const { authorized, authorizationError = 'no reason given', serverName, issuer } = handshake;
  const about = {
    subject: `certificate of ${serverName}`,
    observed: `${handshake.subjectAltNames.join(', ') || 'no name'}; issuer ${issuer || 'unknown'}`,
    expected: `a trusted chain for ${serverName}`,
    where: { request: handshake.request },
  };
  if (authorized) return { ...about, outcome: 'pass', message: 'The certificate is trusted and covers the name.' };
  // OpenSSL looks at the name last, and tells one fault only.
  const covered = dnsNamesOf(handshake.subjectAltNames).some((name) => coversHost(name, serverName));
  if (isCluster && covered && UNKNOWN_AUTHORITY.has(authorizationError))
    return {
      ...about,
      outcome: 'unknown',
      message: `Whether callers trust the certificate cannot be said: its authority is not known here (${authorizationError}).`,
      fix: 'Give the certificate of the authority with --ca FILE where it is your own; otherwise let the edge send the whole chain.',
    };
  return { ...about, outcome: 'fail', message: `Clients refuse the certificate: ${authorizationError}.` };
}

function judgeExpiry({ request, serverName, daysLeft, validTo }: TlsHandshake, minDays: number): Verdict {
  return {
    outcome: daysLeft >= minDays ? 'pass' : 'fail',
    subject: `expiry of the certificate of ${serverName}`,
    message: daysLeft < 0 ? 'The certificate has expired.' : `The certificate is valid for ${daysLeft} more days.`,
    observed: `valid until ${validTo}`,
    expected: `at least ${minDays} days left`,
    where: { request },
  };
}

function judgeVersions({ request, protocol, obsoleteProtocols }: TlsHandshake): Verdict {
  const current = obsoleteProtocols.length === 0;
  return {
    outcome: current ? 'pass' : 'fail',
    subject: 'TLS versions',
    message: current ? 'TLS 1.0 and 1.1 are refused.' : `The server still accepts ${obsoleteProtocols.join(' and ')}.`,
    observed: `negotiated ${protocol}${current ? '' : `; accepts ${obsoleteProtocols.join(', ')}`}`,
    expected: 'TLS 1.2 or 1.3 only',
    where: { request },
  };
}

function judgePlainHttp({ plainHttp }: TlsHandshake): readonly Verdict[] {
  if (!plainHttp) return [];
  const location = plainHttp.headers.location ?? '';
  const redirects = plainHttp.status >= 300 && plainHttp.status < 400 && location.startsWith('https://');
  // Nothing of the service is there: a client that forgets the s is refused, and tells nobody its question in clear.
  const absent = [403, 404, 421, 426].includes(plainHttp.status);
  return [
    {
      outcome: redirects || absent ? 'pass' : 'fail',
      subject: 'plain HTTP',
      message: redirects
        ? 'Plain HTTP redirects to https.'
        : absent
          ? 'The service is not there over plain HTTP.'
          : 'Plain HTTP is answered without a redirect to https, so requests and answers can travel unencrypted.',
      observed: `status ${plainHttp.status}${location === '' ? '' : `, Location ${location}`}`,
      expected: 'a redirect to https, or no service',
      where: { request: plainHttp.request },
    },
  ];
}

/** Half a year: what scanners take for the least, so that a browser which seldom comes still knows. */
const HSTS_MIN_DAYS = 180;

function judgeHsts({ request, strictTransportSecurity }: TlsHandshake): Verdict {
  const seconds = Number(/max-age="?(\d+)/i.exec(strictTransportSecurity ?? '')?.[1] ?? 0);
  const isLong = seconds >= HSTS_MIN_DAYS * 86_400;
  return {
    outcome: isLong ? 'pass' : 'fail',
    severity: 'note',
    subject: 'Strict-Transport-Security',
    message: isLong
      ? 'Browsers are told to come back over https only.'
      : seconds > 0
        ? `Browsers forget after ${seconds < 86_400 ? `${seconds} seconds` : `${Math.floor(seconds / 86_400)} days`} that they are to come over https only.`
        : 'Answers over TLS do not carry Strict-Transport-Security.',
    observed: strictTransportSecurity ?? 'no header',
    expected: `max-age of ${HSTS_MIN_DAYS} days (${HSTS_MIN_DAYS * 86_400}) or more`,
    where: { request },
  };
}
