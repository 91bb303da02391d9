import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Exchange } from '../../../core/endpoint-facts.ts';
import { notApplicable } from '../../verdicts.ts';

export const httpAuthenticationCheck = defineCheck({
  id: 'http/authentication',
  title: 'Whoever has no credentials gets no answer, and probes get theirs',
  severity: 'error',
  why: 'Every question costs money and may tell what only some should know. A service that takes a token and never looks at it answers everybody; one that asks the kubelet for a token is restarted for not knowing it.',
  how: 'Where credentials were given (a header, --bearer-env, or a user in the URL), the question of --ask is sent once without them and once with wrong ones of the same form: both must be answered with 401 or 403, and a 401 should carry WWW-Authenticate, which is a note. The health endpoints must answer without them what they answer with them. Metrics may be open or not; that is told.',
  fix: 'Check the token before anything else on the paths that cost something, compare it in constant time, answer 401 with WWW-Authenticate: Bearer, and leave the health endpoints outside.',
  verify:
    "Run curl -s -o /dev/null -w '%{http_code}' -X POST -d '{}' http://HOST/v1/ask without the token, and with a wrong one.",
  references: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2',
    'https://www.rfc-editor.org/rfc/rfc6750#section-3',
  ],
  needs: ['authentication'],
  evaluate: ({ authentication }) => {
    if (!authentication.given)
      return notApplicable('authentication', 'No credentials were given, so there are none to leave out.');
    const { question, health, metrics } = authentication;
    return [
      ...(question === undefined
        ? notApplicable(
            'the question',
            'No question may be asked, so none was asked as a stranger; allow one with --ask.',
          )
        : [
            judgeQuestion('without credentials', question.without),
            judgeQuestion('with wrong credentials', question.wrong),
            ...judgeChallenge([question.without, question.wrong]),
          ]),
      ...health.map(judgeHealth),
      ...(metrics === undefined ? [] : [judgeMetrics(metrics)]),
    ];
  },
});

function judgeQuestion(how: string, { status, request }: Exchange): Verdict {
  const about = {
    subject: `a question ${how}`,
    where: { request },
    observed: `status ${status}`,
    expected: 'status 401 or 403',
  };
  if (status === 401 || status === 403) return { ...about, outcome: 'pass', message: `A question ${how} is refused.` };
  if (status === 429 || status >= 500)
    return {
      ...about,
      outcome: 'unknown',
      message: `Whether it would be refused is not known: the answer was ${status}.`,
    };
  return status < 400
    ? { ...about, outcome: 'fail', message: `A question ${how} is answered.` }
    : {
        ...about,
        outcome: 'fail',
        severity: 'warning',
        message: `A question ${how} is refused for something else (${status}), so who asks is looked at late or never.`,
      };
}

function judgeChallenge(answers: readonly Exchange[]): readonly Verdict[] {
  const [refused] = answers.filter(({ status }) => status === 401);
  if (refused === undefined) return [];
  const challenge = refused.headers['www-authenticate'];
  return [
    {
      outcome: challenge === undefined ? 'fail' : 'pass',
      severity: 'note',
      subject: 'WWW-Authenticate',
      message: challenge === undefined ? 'A 401 does not say how to authenticate.' : 'A 401 says how to authenticate.',
      observed: `WWW-Authenticate: ${challenge ?? '(none)'}`,
      expected: 'WWW-Authenticate with a scheme, such as Bearer',
      where: { request: refused.request },
    },
  ];
}

function judgeHealth({ status, request }: Exchange): Verdict {
  const isAsked = status === 401 || status === 403;
  return {
    outcome: isAsked ? 'fail' : 'pass',
    subject: `${request} without credentials`,
    message: isAsked
      ? 'The endpoint demands credentials, which the kubelet does not have.'
      : 'The endpoint answers without credentials.',
    observed: `status ${status}`,
    expected: 'an answer without credentials',
    where: { request },
  };
}

function judgeMetrics({ status, request }: Exchange): Verdict {
  const isAsked = status === 401 || status === 403;
  return {
    outcome: 'pass',
    subject: `${request} without credentials`,
    message: isAsked
      ? 'The metrics ask for credentials, which Prometheus must be given.'
      : 'The metrics answer without credentials; let the edge lead nobody there.',
    observed: `status ${status}`,
    where: { request },
  };
}
