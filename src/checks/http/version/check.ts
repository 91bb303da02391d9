import { defineCheck, type Verdict } from '../../../core/check.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const httpVersionCheck = defineCheck({
  id: 'http/version',
  title: 'The edge speaks HTTP/2',
  severity: 'note',
  why: 'Over HTTP/1.1 a browser opens six connections to a host at most, and each answer that streams holds one of them: the seventh question of a person with several tabs waits for the first to end.',
  how: 'In the handshake h2 and http/1.1 are offered (ALPN), and h2 should be chosen. With --http2 all requests are sent over HTTP/2, and a server that does not take it is a warning, since the person expected it to.',
  fix: 'Switch HTTP/2 on at the edge; the way from there to the pods may stay HTTP/1.1.',
  verify: 'Run curl -sI --http2 https://HOST/ and read the version in the first line.',
  references: ['https://www.rfc-editor.org/rfc/rfc9113', 'https://www.rfc-editor.org/rfc/rfc7301'],
  needs: ['edgeHandshakes', 'httpAnswers'],
  evaluate: ({ edgeHandshakes, httpAnswers: { version, wantsHttp2, crossOrigin } }) => {
    const offered = edgeHandshakes.flatMap(({ handshake }): readonly Verdict[] => {
      if (!handshake.seen || handshake.value.protocols === undefined) return [];
      const { applicationProtocol, serverName, request } = handshake.value;
      const isTwo = applicationProtocol === 'h2';
      return [
        {
          outcome: isTwo ? 'pass' : 'fail',
          subject: `HTTP versions of ${serverName}`,
          message: isTwo ? 'HTTP/2 is offered.' : 'HTTP/2 is not offered.',
          observed: `the server chose ${applicationProtocol ?? 'nothing'} of h2 and http/1.1`,
          expected: 'h2',
          where: { request },
        },
      ];
    });
    return orNotApplicable(
      [...offered, ...(wantsHttp2 ? [judgeWish(version, crossOrigin[0]?.answer.request)] : [])],
      'Without TLS browsers speak HTTP/1.1 only; to judge the edge of a service, probe the https URL that its users have.',
    );
  },
});

function judgeWish(version: string | undefined, request: string | undefined): Verdict {
  const isTwo = version === 'h2';
  return {
    outcome: isTwo ? 'pass' : 'fail',
    severity: 'warning',
    subject: 'requests over HTTP/2',
    message: isTwo
      ? 'The requests were answered over HTTP/2.'
      : 'The requests were to be sent over HTTP/2, and the server did not take it.',
    observed: version ?? 'no TLS, and so HTTP/1.1',
    expected: 'h2',
    ...(request === undefined ? {} : { where: { request } }),
  };
}
