import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Exchange } from '../../../core/endpoint-facts.ts';
import { ANSWER_FACTS, differentAnswers, nameOf } from '../answers.ts';

export const httpHeadersCheck = defineCheck({
  id: 'http/headers',
  title: 'Every answer says what it is, and is not to be taken for anything else',
  severity: 'warning',
  why: 'A browser that is not told what a body is guesses, and an answer of a model that looks like a web page is then run as one. Programs that are not told guess too.',
  how: 'Of each kind of answer that the service was brought to give, one with a body must have a Content-Type; text must say its charset unless it is JSON, which is a note; and X-Content-Type-Options: nosniff should stand on all of them, which is a note.',
  fix: 'Set Content-Type on every answer with a body, and X-Content-Type-Options: nosniff on all, in one place: a middleware of the service, or the proxy before it.',
  verify: 'Run curl -si http://HOST/no-such-path and read the headers.',
  references: [
    'https://fetch.spec.whatwg.org/#x-content-type-options-header',
    'https://www.rfc-editor.org/rfc/rfc9110#section-8.3',
  ],
  needs: ANSWER_FACTS,
  evaluate: (facts) => {
    const answers = differentAnswers(facts);
    return [...answers.filter(({ body }) => body !== '').map(judgeType), judgeSniffing(answers)];
  },
});

function judgeType(answer: Exchange): Verdict {
  const type = answer.headers['content-type']?.trim() ?? '';
  const lacksCharset = /^text\//i.test(type) && !/;\s*charset=/i.test(type);
  return {
    outcome: type === '' || lacksCharset ? 'fail' : 'pass',
    ...(lacksCharset ? { severity: 'note' as const } : {}),
    subject: `Content-Type of ${nameOf(answer)}`,
    message:
      type === ''
        ? 'A body comes without a word on what it is.'
        : lacksCharset
          ? 'The text does not say its charset, so that clients guess.'
          : 'The answer says what it is.',
    observed: `Content-Type: ${type === '' ? '(none)' : type}`,
    expected: 'a Content-Type, with a charset where it is text',
    where: { request: answer.request },
  };
}

function judgeSniffing(answers: readonly Exchange[]): Verdict {
  const without = answers.filter(
    ({ headers }) => headers['x-content-type-options']?.trim().toLowerCase() !== 'nosniff',
  );
  return {
    outcome: without.length === 0 ? 'pass' : 'fail',
    severity: 'note',
    subject: 'X-Content-Type-Options',
    message:
      without.length === 0
        ? 'Browsers are told not to guess.'
        : `Browsers may guess what ${without.length === answers.length ? 'every answer' : `the answer to ${without.map(nameOf).join(', ')}`} is.`,
    observed: `${answers.length - without.length} of ${answers.length} answers with nosniff`,
    expected: 'X-Content-Type-Options: nosniff',
    ...(without[0] === undefined ? {} : { where: { request: without[0].request } }),
  };
}
