import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { LargeBodyAnswer, RefusedOr, SlowBodyAnswer } from '../../../core/edge-facts.ts';
import type { Exchange } from '../../../core/endpoint-facts.ts';
import type { Observed } from '../../../core/facts.ts';
import { notApplicable } from '../../verdicts.ts';

export const httpLimitsCheck = defineCheck({
  id: 'http/limits',
  title: 'What the service is sent has a limit in size and in time',
  severity: 'warning',
  why: 'A body without a limit fills the memory of the process, which is then killed with all the answers it was giving. Connections that send a byte now and then hold places until no honest caller finds one.',
  how: 'Only with --ask, whose method and path are taken: a body of 8 MiB, which is no JSON and so reaches no model, should be refused with 413, or the connection ended by a service that answers on; success and 5xx fail, and another refusal after all of it was taken in is a note. A header of 256 KiB must be refused. A body that comes drop by drop should be ended by the server; one that still waits after two seconds is not known, since it may end it later.',
  fix: 'Set a limit for bodies in the framework and at the edge (express.json({ limit }), client_max_body_size, a Traefik buffering middleware), and a time in which a request must be complete (server.requestTimeout, client_body_timeout).',
  verify:
    "Run head -c 8388608 /dev/zero | curl -s -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' --data-binary @- http://HOST/v1/ask.",
  references: [
    'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.14',
    'https://www.rfc-editor.org/rfc/rfc6585#section-5',
    'https://cheatsheetseries.owasp.org/cheatsheets/Denial_of_Service_Cheat_Sheet.html',
  ],
  needs: ['requestLimits'],
  evaluate: ({ requestLimits }) =>
    requestLimits.asked
      ? [
          seenOr('large body', requestLimits.largeBody, judgeLargeBody),
          seenOr('slow body', requestLimits.slowBody, judgeSlowBody),
          seenOr('large header', requestLimits.largeHeader, judgeLargeHeader),
        ]
      : notApplicable(
          'limits of requests',
          'Nothing large or slow was sent, since no question with a body was allowed; allow one with --ask.',
        ),
});

function seenOr<T>(subject: string, observed: Observed<T>, judge: (value: T) => Verdict): Verdict {
  return observed.seen
    ? judge(observed.value)
    : { outcome: 'unknown', subject, message: `It could not be tried: ${observed.reason}.` };
}

function judgeLargeBody({ request, size, sentBytes, outcome, answersAfter }: LargeBodyAnswer): Verdict {
  const mib = size / 1024 / 1024;
  const about = { subject: 'large body', where: { request }, expected: `413 for a body of ${mib} MiB` };
  if ('brokenOff' in outcome && answersAfter === false)
    return {
      ...about,
      outcome: 'fail',
      severity: 'error',
      message: 'After a large body the service answers no more.',
      observed: `${outcome.brokenOff}, and then no connection was accepted`,
    };
  if ('brokenOff' in outcome)
    return { ...about, outcome: 'pass', message: 'The server breaks a large body off.', observed: outcome.brokenOff };
  const { status } = outcome.answer;
  const isWhole = sentBytes >= size;
  const told = {
    ...about,
    observed: `status ${status} after ${isWhole ? 'all' : `${Math.round(sentBytes / 1024)} KiB`} of ${mib} MiB`,
  };
  if (status === 413) return { ...told, outcome: 'pass', message: 'A large body is refused as too large.' };
  if (status >= 500)
    return {
      ...told,
      outcome: 'fail',
      severity: 'error',
      message: `A large body brings the service to answer ${status}.`,
    };
  if (status < 300)
    return {
      ...told,
      outcome: 'fail',
      message: isWhole
        ? 'A large body is taken in, all of it.'
        : `A large body is answered with ${status}, before all of it has come.`,
    };
  if (status < 400 || REFUSES_SOMETHING_ELSE.has(status))
    return {
      ...told,
      outcome: 'unknown',
      message: `The answer was ${status}, which says nothing of the size of the request.`,
    };
  return isWhole
    ? {
        ...told,
        outcome: 'fail',
        severity: 'note',
        message: `All of a large body was taken in before it was refused with ${status}, and not as too large.`,
      }
    : { ...told, outcome: 'pass', message: 'A large body is refused before it has come.' };
}

/** Who asks, where, how, and how often. */
const REFUSES_SOMETHING_ELSE: ReadonlySet<number> = new Set([401, 403, 404, 405, 415, 429]);

function judgeSlowBody({ request, endedAfterMs, watchedMs, answer }: SlowBodyAnswer): Verdict {
  const about = {
    subject: 'slow body',
    where: { request },
    expected: 'an end by the server, with 408 or without a word',
  };
  if (endedAfterMs === undefined)
    return {
      ...about,
      outcome: 'unknown',
      severity: 'note',
      message: `The server still waited for a slow body after ${watchedMs} ms, and may go on for long.`,
      observed: `no end within ${watchedMs} ms`,
    };
  const status = Number(answer?.slice(-3) ?? 408);
  const observed = `${answer ?? 'the connection was closed'} after ${endedAfterMs} ms`;
  if (ENDS_WAITING.has(status))
    return { ...about, outcome: 'pass', message: 'The server ends a body that does not come.', observed };
  return status < 300 || status >= 500
    ? {
        ...about,
        outcome: 'fail',
        message: `A body of which a few bytes had come was answered with ${status}.`,
        observed,
      }
    : {
        ...about,
        outcome: 'unknown',
        severity: 'note',
        message: `The answer was ${status}, which says nothing of the pace of the request.`,
        observed,
      };
}

/** What servers say whose patience is over, or who refuse a body before it has come. */
const ENDS_WAITING: ReadonlySet<number> = new Set([400, 408, 413, 503]);

function judgeLargeHeader(outcome: RefusedOr<Exchange>): Verdict {
  const about = { subject: 'large header', expected: '431 or 400 for a header of 256 KiB' };
  if ('brokenOff' in outcome)
    return { ...about, outcome: 'pass', message: 'The server breaks a large header off.', observed: outcome.brokenOff };
  const { status, request } = outcome.answer;
  const told = { ...about, where: { request }, observed: `status ${status}` };
  // What is broken off without a proxy is this with one.
  if (status === 502)
    return {
      ...told,
      outcome: 'fail',
      severity: 'note',
      message: 'A large header is broken off behind a proxy, which answers 502 and cannot say why.',
    };
  if (status >= 500)
    return { ...told, outcome: 'fail', message: `A large header brings the service to answer ${status}.` };
  return [400, 413, 431].includes(status)
    ? { ...told, outcome: 'pass', message: 'A large header is refused.' }
    : { ...told, outcome: 'fail', message: 'A header of 256 KiB is taken in.' };
}
