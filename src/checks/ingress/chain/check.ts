import { defineCheck } from '../../../core/check.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { judgeEachHost, notAsked } from '../per-host.ts';
import { judgeChain } from './judge-chain.ts';

export const ingressChainCheck = defineCheck({
  id: 'ingress/chain',
  title: 'The edge sends the whole chain of certificates, in order, and every one of them is strong and has days left',
  severity: 'error',
  why: 'Browsers fetch a missing intermediate or know it already; curl, Java, Python and Go do not, so a chain that lacks one works for whoever tries it and fails for every program. An intermediate that expires takes all certificates under it along.',
  how: 'The certificates are read as the server sends them, with the host of the URL, or with each TLS host of an Ingress and each HTTPS listener of a Gateway. Each must be signed by the one that follows it; the last must be signed by a root that is known here, and is otherwise missing its intermediate or has an authority of its own, which --ca makes known. A root that is sent along is a note. No certificate but a root may end within the days that the settings ask for, none may have an RSA key below 2048 bits or a signature made with SHA-1 or MD5, and the first must be one of a server and not of an authority.',
  fix: 'Give the edge the certificate of the server, then each intermediate in order, and leave the root out: fullchain.pem, not cert.pem. cert-manager writes tls.crt so.',
  verify:
    'Run openssl s_client -connect HOST:443 -servername HOST -showcerts < /dev/null and read the subjects and issuers.',
  references: [
    'https://datatracker.ietf.org/doc/html/rfc8446#section-4.4.2',
    'https://cabforum.org/working-groups/server/baseline-requirements/requirements/',
  ],
  needs: ['edgeHandshakes'],
  evaluate: ({ edgeHandshakes }, { certificateMinDays }) =>
    orNotApplicable(
      judgeEachHost(edgeHandshakes, (handshake, isCluster) =>
        handshake.certificate === undefined
          ? notAsked(handshake)
          : judgeChain(handshake, handshake.certificate, isCluster, certificateMinDays),
      ),
      'No host is served over TLS here; to judge the edge of a service, probe the https URL that its users have.',
    ),
});
