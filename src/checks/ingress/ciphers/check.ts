import { defineCheck, type Severity, type Verdict } from '../../../core/check.ts';
import type { CipherAnswer, CipherFamily, TlsHandshake } from '../../../core/edge-facts.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { judgeEachHost, notAsked } from '../per-host.ts';

interface Weight {
  readonly severity: Severity;
  /** How it is called in a sentence. */
  readonly suite: string;
  readonly because: string;
}

/** How much each family weighs, after RFC 9325, section 4.1: MUST NOT, SHOULD NOT, and what it only prefers others to. */
const WEIGHTS: Readonly<Record<CipherFamily, Weight>> = {
  'without encryption': {
    severity: 'error',
    suite: 'a cipher suite without encryption',
    because: 'everybody on the way reads along',
  },
  anonymous: {
    severity: 'error',
    suite: 'an anonymous cipher suite',
    because: 'the server does not prove who it is',
  },
  export: { severity: 'error', suite: 'a cipher suite for export', because: 'its keys are broken in minutes' },
  RC4: { severity: 'error', suite: 'a cipher suite with RC4', because: 'RFC 7465 forbids it' },
  'DES and 3DES': {
    severity: 'warning',
    suite: 'a cipher suite with DES or 3DES',
    because: 'its blocks are so short that long connections give text away (Sweet32)',
  },
  'without forward secrecy': {
    severity: 'warning',
    suite: 'a cipher suite without forward secrecy',
    because: 'whoever gets the key later reads all that was recorded before',
  },
  CBC: {
    severity: 'warning',
    suite: 'no better cipher suite for TLS 1.2 than one in CBC mode',
    because: 'its padding has been attacked again and again, and clients that need it are gone',
  },
};

export const ingressCiphersCheck = defineCheck({
  id: 'ingress/ciphers',
  title: 'The edge speaks TLS 1.3 and takes no weak cipher suite',
  severity: 'error',
  why: 'A server that still takes a weak suite can be brought to use it, and every audit of a customer finds it. Questions and answers hold what people would tell nobody else.',
  how: 'Connections that offer TLS 1.2 with the suites of one family only are made with the host of the URL, or with each TLS host of a cluster: suites without encryption, anonymous, export, RC4, DES and 3DES, those without forward secrecy, and those in CBC mode, by their numbers and not by what the TLS library here can do. A server must refuse each; what it accepts is named, by the weight that RFC 9325 gives it; suites in CBC mode may stand beside better ones for TLS 1.2, and alone they are a warning. It should accept TLS 1.3, which is a note. A family to which no answer came is unknown.',
  fix: 'Choose the intermediate profile of Mozilla for the edge: TLS 1.2 and 1.3, ECDHE with AES-GCM or ChaCha20 only. In Traefik that is a TLSOption, in Envoy Gateway a ClientTrafficPolicy, in an ALB its security policy.',
  verify:
    'Run openssl s_client -connect HOST:443 -tls1_2 -cipher kRSA < /dev/null, or testssl.sh HOST, and read what is accepted.',
  references: [
    'https://datatracker.ietf.org/doc/html/rfc9325#section-4.1',
    'https://wiki.mozilla.org/Security/Server_Side_TLS',
  ],
  needs: ['edgeHandshakes'],
  evaluate: ({ edgeHandshakes }) =>
    orNotApplicable(
      judgeEachHost(edgeHandshakes, (handshake) =>
        handshake.ciphers === undefined || handshake.protocols === undefined
          ? notAsked(handshake)
          : [
              judgeNewest(handshake, handshake.protocols),
              ...handshake.ciphers.map((each) => judgeFamily(handshake, each)),
            ],
      ),
      'No host is served over TLS here; to judge the edge of a service, probe the https URL that its users have.',
    ),
});

function judgeNewest({ request }: TlsHandshake, protocols: readonly string[]): Verdict {
  const isNew = protocols.includes('TLSv1.3');
  return {
    outcome: isNew ? 'pass' : 'fail',
    severity: 'note',
    subject: 'TLS 1.3',
    message: isNew ? 'TLS 1.3 is accepted.' : 'TLS 1.3, which is quicker and has no weak suites, is not accepted.',
    observed: `accepts ${protocols.join(', ')}`,
    expected: 'TLSv1.3 among the accepted versions',
    where: { request },
  };
}

function judgeFamily({ request, suiteOfTls12 = '' }: TlsHandshake, { family, accepted }: CipherAnswer): Verdict {
  const { severity, because, suite } = WEIGHTS[family];
  const about = {
    severity,
    subject: `cipher suites ${family.startsWith('without') ? family : `(${family})`}`,
    where: { request },
    expected: 'a refusal',
  };
  if (!accepted.seen)
    return {
      ...about,
      outcome: 'unknown',
      message: `Whether the server takes ${suite} is not known: ${accepted.reason}.`,
    };
  if (accepted.value === undefined)
    return { ...about, outcome: 'pass', message: `The server refuses ${suite}.`, observed: 'refused' };
  const observed = `accepts ${accepted.value}`;
  // Beside better ones it is there for old clients, and no current one gets it.
  if (family === 'CBC' && !suiteOfTls12.includes('_CBC_'))
    return {
      ...about,
      outcome: 'pass',
      message: 'A suite in CBC mode is taken only from clients that know no better.',
      observed: `${observed}; a current client gets ${suiteOfTls12}`,
      expected: 'better suites for TLS 1.2',
    };
  return { ...about, outcome: 'fail', message: `The server takes ${suite}: ${because}.`, observed };
}
