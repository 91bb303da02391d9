import { defineCheck } from '../../../core/check.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { judgeHost } from './judge-host.ts';

export const ingressHandshakeCheck = defineCheck({
  id: 'ingress/handshake',
  title: 'The edge shows a valid certificate and speaks only current TLS',
  severity: 'error',
  why: 'What counts is the certificate that callers are shown, not the one in a Secret. An expired or foreign certificate stops every caller at once, and obsolete TLS versions fail every audit.',
  how: 'A real handshake is made, from where the run is made, with the host of the URL, or with each TLS host of an Ingress and each HTTPS listener of a Gateway at the address that the cluster tells: the chain must lead to a trusted root, the certificate must cover the name and must not expire within the days that the settings ask for, TLS 1.0 and 1.1 must be refused, plain HTTP on port 80 must redirect to https or not have the service at all, and answers should carry Strict-Transport-Security for 180 days or more. The names of a cluster are never looked up. An edge that cannot be reached from here is unknown, and --connect-to leads to it through a forwarded port; so is one whose authority is known to nobody here, which --ca makes known.',
  fix: 'Let cert-manager issue and renew the certificate for every host of the Ingress, serve the whole chain, set TLS 1.2 as the lowest version, and switch on the redirect and HSTS in the controller.',
  verify: 'Run openssl s_client -connect HOST:443 -servername HOST < /dev/null and curl -sI http://HOST.',
  references: [
    'https://datatracker.ietf.org/doc/html/rfc8996',
    'https://datatracker.ietf.org/doc/html/rfc6797',
    'https://cert-manager.io/docs/usage/ingress/',
  ],
  needs: ['edgeHandshakes'],
  evaluate: ({ edgeHandshakes }, { certificateMinDays }) =>
    orNotApplicable(
      edgeHandshakes.flatMap((host) => judgeHost(host, certificateMinDays)),
      'No host is served over TLS here; to judge the edge of a service, probe the https URL that its users have.',
    ),
});
