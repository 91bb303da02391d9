import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { CrossOriginAnswer } from '../../../core/edge-facts.ts';
import { notApplicable } from '../../verdicts.ts';

export const httpCrossOriginCheck = defineCheck({
  id: 'http/cross-origin',
  title: 'Scripts of other sites are not let in',
  severity: 'error',
  why: "A service that answers any Origin lets every web page that its users open ask questions from their browser, inside the company's network; one that allows credentials as well does so in their name.",
  how: 'The path of the question, or the liveness path where none was given, is asked by GET with the Origin of a site that nobody can have allowed, and with Origin: null. Access-Control-Allow-Origin must then be absent, or name another origin. One that repeats the stranger, or null, together with Access-Control-Allow-Credentials is an error; a star, or a repetition without credentials, is a warning.',
  fix: 'List the origins of your own front ends, or leave the headers out where no browser asks the service directly. Never write back the Origin of a request unseen, and never allow null.',
  verify: "Run curl -si -H 'Origin: https://somebody.example' http://HOST/v1/ask | grep -i access-control.",
  references: [
    'https://fetch.spec.whatwg.org/#http-cors-protocol',
    'https://cheatsheetseries.owasp.org/cheatsheets/HTML5_Security_Cheat_Sheet.html#cross-origin-resource-sharing',
  ],
  needs: ['httpAnswers'],
  evaluate: ({ httpAnswers }) =>
    httpAnswers.crossOrigin.length === 0
      ? notApplicable('other origins', 'Nothing was asked as another origin.')
      : httpAnswers.crossOrigin.map(judge),
});

function judge({ origin, answer }: CrossOriginAnswer): Verdict {
  const { headers, request } = answer;
  const allowed = headers['access-control-allow-origin'];
  const withCredentials = headers['access-control-allow-credentials']?.trim().toLowerCase() === 'true';
  const isStar = allowed?.trim() === '*';
  const isOpen = isStar || allowed?.trim() === origin;
  const who = origin === 'null' ? 'a page without an origin' : 'a site that nobody can have allowed';
  return {
    outcome: isOpen ? 'fail' : 'pass',
    // Browsers refuse a star together with credentials.
    severity: withCredentials && !isStar ? 'error' : 'warning',
    subject: origin === 'null' ? 'Origin: null' : 'an unknown Origin',
    message: !isOpen
      ? `Scripts of ${who} cannot read the answer.`
      : withCredentials && !isStar
        ? `Scripts of ${who} can read answers in the name of whoever is logged in.`
        : `Scripts of ${who} can read the answer.`,
    observed: `Access-Control-Allow-Origin: ${allowed ?? '(none)'}${withCredentials ? ', with credentials' : ''}`,
    expected: 'no Access-Control-Allow-Origin for it',
    where: { request },
  };
}
