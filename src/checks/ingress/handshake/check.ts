import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { TlsHandshake } from '../../../core/endpoint-facts.ts';

export const ingressHandshakeCheck = defineCheck({
  id: 'ingress/handshake',
  title: 'The edge shows a valid certificate and speaks only current TLS',
  severity: 'error',
  why: 'What counts is the certificate that callers are shown, not the one in a Secret. An expired or foreign certificate stops every caller at once, and obsolete TLS versions fail every audit.',
  how: 'A real handshake is made with the host of the URL: the chain must lead to a trusted root, the certificate must cover the name and must not expire within the days that the settings ask for, TLS 1.0 and 1.1 must be refused, plain HTTP on port 80 must redirect to https or not have the service at all, and answers should carry Strict-Transport-Security.',
  fix: 'Let cert-manager issue and renew the certificate for every host of the Ingress, serve the whole chain, set TLS 1.2 as the lowest version, and switch on the redirect and HSTS in the controller.',
  verify: 'Run openssl s_client -connect HOST:443 -servername HOST < /dev/null and curl -sI http://HOST.',
  references: [
    'https://datatracker.ietf.org/doc/html/rfc8996',
    'https://datatracker.ietf.org/doc/html/rfc6797',
    'https://cert-manager.io/docs/usage/ingress/',
  ],
  needs: ['tlsHandshake'],
  evaluate: ({ tlsHandshake }, { certificateMinDays }) => {
    if (!tlsHandshake)
      return [
        {
          outcome: 'not-applicable',
          subject: 'TLS',
          message: 'The URL is local and does not use TLS; probe the public https URL to judge the edge.',
        },
      ];
    return [
      ...judgeCertificate(tlsHandshake, certificateMinDays),
      judgeVersions(tlsHandshake),
      ...judgePlainHttp(tlsHandshake),
      judgeHsts(tlsHandshake),
    ];
  },
});

function judgeCertificate(handshake: TlsHandshake, minDays: number): readonly Verdict[] {
  const where = { request: handshake.request };
  const { authorized, authorizationError, daysLeft, validTo, serverName } = handshake;
  const names = handshake.subjectAltNames.join(', ') || 'no name';
  return [
    {
      outcome: authorized ? 'pass' : 'fail',
      subject: `certificate of ${serverName}`,
      message: authorized
        ? 'The certificate is trusted and covers the name.'
        : `Clients refuse the certificate: ${authorizationError ?? 'no reason given'}.`,
      observed: `${names}; issuer ${handshake.issuer || 'unknown'}`,
      expected: `a trusted chain for ${serverName}`,
      where,
    },
    {
      outcome: daysLeft >= minDays ? 'pass' : 'fail',
      subject: `expiry of the certificate of ${serverName}`,
      message: daysLeft < 0 ? 'The certificate has expired.' : `The certificate is valid for ${daysLeft} more days.`,
      observed: `valid until ${validTo}`,
      expected: `at least ${minDays} days left`,
      where,
    },
  ];
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

function judgeHsts({ request, strictTransportSecurity }: TlsHandshake): Verdict {
  const seconds = Number(/max-age="?(\d+)/i.exec(strictTransportSecurity ?? '')?.[1] ?? 0);
  return {
    outcome: seconds > 0 ? 'pass' : 'fail',
    severity: 'note',
    subject: 'Strict-Transport-Security',
    message:
      seconds > 0
        ? 'Browsers are told to come back over https only.'
        : 'Answers over TLS do not carry Strict-Transport-Security.',
    observed: strictTransportSecurity ?? 'no header',
    expected: 'max-age above 0',
    where: { request },
  };
}
