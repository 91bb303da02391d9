import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Exchange } from '../../../core/endpoint-facts.ts';
import { bannersIn, leaksIn } from './leaks.ts';

export const healthLeakCheck = defineCheck({
  id: 'health/leak',
  title: 'Answers tell strangers nothing about the inside of the service',
  severity: 'error',
  why: 'Health endpoints and error pages are open to everyone who reaches the port. Connection strings, stack traces, driver messages and internal addresses in them are the map that an attacker would draw first.',
  how: 'The bodies of the health endpoints and of refused requests (unknown paths, a malformed question where one may be sent) are searched for secrets, connection strings, stack traces, driver texts, file paths, internal addresses and versions of products; the headers for product versions too. Labels of metrics are judged by metrics/cardinality.',
  fix: 'Answer errors with a code and a request id, write the reason to the log, and switch off X-Powered-By and version banners.',
  verify:
    'Run curl -si http://HOST/health/ready and curl -si http://HOST/no-such-path and read every line as a stranger.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html',
    'https://datatracker.ietf.org/doc/html/rfc9457#section-5',
  ],
  needs: ['liveEndpoint', 'readyEndpoint', 'errorAnswers'],
  evaluate: ({ liveEndpoint, readyEndpoint, errorAnswers }) => {
    const health = [...liveEndpoint.samples.slice(0, 1), ...readyEndpoint.samples.slice(0, 1)];
    // Several unknown paths mostly bring one and the same answer, which is judged once.
    const refused = new Map(
      errorAnswers.map((answer) => [`${answer.status} ${answer.body.replaceAll(UNKNOWN_PATH, '')}`, answer]),
    );
    const answers = [...health, ...refused.values()];
    return [...answers.flatMap(judgeBody), judgeBanners(answers)];
  },
});

/** The paths that the endpoint source makes up. */
const UNKNOWN_PATH = /qna-ready-[0-9a-f]+/g;

function judgeBody(answer: Exchange): readonly Verdict[] {
  const about = {
    subject: answer.request.replaceAll(UNKNOWN_PATH, '(unknown path)'),
    where: { request: answer.request },
    expected: 'nothing about the inside of the service',
  };
  const leaks = leaksIn(answer.body);
  if (leaks.length === 0)
    return [
      {
        ...about,
        outcome: 'pass',
        message: 'The body tells nothing about the inside of the service.',
        observed: `status ${answer.status}, ${answer.body.length} characters`,
      },
    ];
  return leaks.map(({ kind, excerpt, severity }) => ({
    ...about,
    outcome: 'fail',
    ...(severity === undefined ? {} : { severity }),
    message: `The body tells ${kind}.`,
    observed: excerpt,
  }));
}

function judgeBanners(answers: readonly Exchange[]): Verdict {
  const telling = answers.find((answer) => bannersIn(answer.headers).length > 0);
  const banners = telling === undefined ? [] : bannersIn(telling.headers);
  return {
    outcome: banners.length === 0 ? 'pass' : 'fail',
    severity: 'note',
    subject: 'banners in headers',
    message:
      banners.length === 0
        ? 'No header names a product with its version.'
        : `A header names the product: ${banners.join('; ')}.`,
    observed: banners.length === 0 ? 'no banner' : banners.join('; '),
    expected: 'no X-Powered-By and no version in Server',
    where: { request: (telling ?? answers[0])?.request ?? 'no request' },
  };
}
