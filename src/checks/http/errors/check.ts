import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Exchange } from '../../../core/endpoint-facts.ts';
import { notApplicable } from '../../verdicts.ts';
import { nameOf } from '../answers.ts';

export const httpErrorsCheck = defineCheck({
  id: 'http/errors',
  title: 'Errors can be read by programs, all in one form',
  severity: 'warning',
  why: 'Callers of an API are programs. Where an error is a web page, an empty body, or of a different shape each time, each of them guesses from the status code, and logs and dashboards tell nothing of the reason.',
  how: 'Requests that a service must refuse (unknown paths, and a malformed question where one may be sent) are looked at. None may be answered with success or with a web page; each should have the media type application/problem+json, or another JSON with a field in common with all the others, and a status code that its body does not contradict.',
  fix: 'Answer every error with problem details (RFC 9457): type, title, status and detail, from one place that also answers unknown paths; let proxies pass them through instead of their own pages.',
  verify: 'Run curl -si http://HOST/no-such-path and read the Content-Type and the body.',
  references: ['https://www.rfc-editor.org/rfc/rfc9457', 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5'],
  needs: ['errorAnswers'],
  evaluate: ({ errorAnswers }) => {
    const answers = [...new Map(errorAnswers.map((answer) => [nameOf(answer), answer])).values()];
    if (answers.length === 0) return notApplicable('errors', 'No request was made that had to be refused.');
    return [...answers.map(judge), ...judgeTogether(answers)];
  },
});

function judge(answer: Exchange): Verdict {
  const { status, headers, body, request } = answer;
  const type = mediaTypeOf(answer);
  const about = {
    subject: nameOf(answer),
    where: { request },
    observed: `status ${status}, ${type === '' ? 'no Content-Type' : type}, ${body.length} characters`,
    expected: 'a status from 400 to 499 with application/problem+json',
  };
  const fail = (message: string, severity: Verdict['severity'] = 'warning'): Verdict => ({
    ...about,
    outcome: 'fail',
    severity,
    message,
  });
  if (status >= 500) return fail("A mistake of the caller is answered as a fault of the service's own.");
  if (status < 300) return fail('A request that had to be refused is answered with success.');
  if (status < 400)
    return fail(`A request that had to be refused is sent elsewhere (${headers.location ?? 'nowhere'}).`);
  if (type.includes('html') || /^\s*<(?:!doctype html|html)/i.test(body))
    return fail('A program gets a web page for an error.');
  if (!isJson(type))
    return fail(
      'The error has no problem details and is no other JSON, so that programs must guess at its reason.',
      'note',
    );
  const fields = fieldsOf(body);
  if (fields === undefined) return fail('The error says that it is JSON, and cannot be read as an object.');
  const said = fields.status;
  if (typeof said === 'number' && said !== status)
    return fail(`The body says ${said}, and the status code is ${status}.`);
  return {
    ...about,
    outcome: 'pass',
    message: type === PROBLEM ? 'The error has problem details.' : 'The error can be read by programs.',
  };
}

/** Who can read one error can read them all. */
function judgeTogether(answers: readonly Exchange[]): readonly Verdict[] {
  const shapes = answers.flatMap((answer) => {
    const fields = isJson(mediaTypeOf(answer)) ? fieldsOf(answer.body) : undefined;
    return fields === undefined ? [] : [new Set(Object.keys(fields))];
  });
  const [first, ...others] = shapes;
  if (first === undefined || others.length === 0) return [];
  const common = [...first].filter((field) => others.every((shape) => shape.has(field)));
  return [
    {
      outcome: common.length > 0 ? 'pass' : 'fail',
      subject: 'the form of errors',
      message: common.length > 0 ? 'The errors are of one form.' : 'Each error is of a form of its own.',
      observed:
        common.length > 0
          ? `all have ${common.join(', ')}`
          : shapes.map((each) => [...each].join(', ')).join(' against '),
      expected: 'fields that all errors have',
      where: { request: answers[0]?.request ?? '' },
    },
  ];
}

const PROBLEM = 'application/problem+json';

function mediaTypeOf({ headers }: Exchange): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function isJson(type: string): boolean {
  return /[/+]json$/.test(type);
}

function fieldsOf(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
