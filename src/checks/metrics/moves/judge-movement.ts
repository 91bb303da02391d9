import type { Verdict } from '../../../core/check.ts';
import type { MetricsActivity } from '../../../core/endpoint-facts.ts';
import type { Exposition } from '../../../prometheus/exposition.ts';
import { errorRise, type Rise, slowestMs } from './movement.ts';

/**
 * Whether the requests that were sent are among those that were counted. `riseOfMethod` is undefined where the page does not tell
 * methods apart.
 */
export function judgeRequests(
  { sent, after }: MetricsActivity,
  rise: Rise | undefined,
  riseOfMethod: (method: string) => number | undefined,
): readonly Verdict[] {
  if (rise === undefined) return [];
  const questions = sent.filter(({ kind }) => kind === 'question');
  const asked = questions.length;
  const about = {
    subject: 'count of requests',
    observed: `${rise.name} rose by ${rise.count} for ${sent.length} requests`,
    expected: 'a rise by the requests that were sent',
    where: { request: after.request },
  };
  // One that was refused may never have come to the service: a gateway before it refuses too.
  const uncounted = questions.find(({ method, status }) => status < 400 && riseOfMethod(method) === 0);
  if (uncounted !== undefined)
    return [
      {
        ...about,
        outcome: 'fail',
        message: 'The question was answered but not counted.',
        observed: `no request with the method ${uncounted.method} was counted, and others were`,
      },
    ];
  if (rise.count >= sent.length) return [{ ...about, outcome: 'pass', message: 'Every request was counted.' }];
  if (rise.count > 0 && rise.count >= asked)
    return [
      { ...about, outcome: 'pass', message: 'Requests were counted; health checks or unknown paths are left out.' },
    ];
  if (asked > 0) return [{ ...about, outcome: 'fail', message: 'The question was answered but not counted.' }];
  return [
    {
      ...about,
      outcome: 'unknown',
      message:
        'None of the requests was counted. If health checks and unknown paths are left out on purpose, give a question to send with --ask.',
    },
  ];
}

/** What took as long cannot have been rounded to nothing. */
const LONGER_THAN_ZERO_MS = 20;

/** With nobody else's requests among them, the mean cannot be far above the slowest that the client saw. */
export function judgeDurations({ sent, after }: MetricsActivity, rise: Rise | undefined): readonly Verdict[] {
  if (rise?.meanMs === undefined || rise.count > sent.length + 1) return [];
  const slowest = slowestMs(sent);
  const isZero = rise.meanMs === 0 && rise.count >= sent.length && slowest >= LONGER_THAN_ZERO_MS;
  if (isZero)
    return [
      {
        outcome: 'fail',
        subject: 'duration of requests',
        message: 'The durations are recorded as 0: they are measured before the work, or never.',
        observed: `a sum that stays, by ${rise.name.replace(/_count$/, '')}, slowest request ${slowest} ms`,
        expected: 'durations above 0',
        where: { request: after.request },
      },
    ];
  const plausible = rise.meanMs <= slowest * 2 + 5;
  return [
    {
      outcome: plausible ? 'pass' : 'fail',
      subject: 'duration of requests',
      message: plausible
        ? 'The durations are of the order that the client saw.'
        : 'The durations are longer than the client waited: the unit of the metric is probably wrong.',
      observed: `mean ${rise.meanMs.toPrecision(3)} ms by ${rise.name.replace(/_count$/, '')}, slowest request ${slowest} ms`,
      expected: 'a mean below the slowest request',
      where: { request: after.request },
    },
  ];
}

/** Unknown paths may be left out on purpose; a malformed question stands on a route of the service. */
export function judgeErrors(
  { sent, after }: MetricsActivity,
  before: Exposition,
  page: Exposition,
): readonly Verdict[] {
  const refused = sent.filter(({ kind, status }) => status >= 400 && kind !== 'odd-method');
  const malformed = refused.filter(({ kind }) => kind === 'malformed').length;
  const rise = refused.length === 0 ? undefined : errorRise(before, page);
  if (rise === undefined || (rise.count <= 0 && malformed === 0)) return [];
  const counted = rise.count > 0;
  return [
    {
      outcome: counted ? 'pass' : 'fail',
      subject: 'count of errors',
      message: counted ? 'Refused requests were counted as errors.' : 'A refused question was not counted as an error.',
      observed: `${rise.name} rose by ${rise.count} for ${refused.length} refused requests`,
      expected: 'a rise of the errors',
      where: { request: after.request },
    },
  ];
}

export function judgeQuestion({ sent, after }: MetricsActivity, rise: Rise | undefined): readonly Verdict[] {
  const answered = sent.some(({ kind, status }) => kind === 'question' && status >= 200 && status < 300);
  if (!answered || rise === undefined) return [];
  const moved = rise.count > 0;
  return [
    {
      outcome: moved ? 'pass' : 'fail',
      subject: 'count of LLM calls',
      message: moved
        ? 'The question moved the count of LLM calls.'
        : 'The question was answered, but no LLM call was counted.',
      observed: `${rise.name} rose by ${rise.count}`,
      expected: 'a rise of at least 1',
      where: { request: after.request },
    },
  ];
}
