import { line } from '../base-service.ts';
import type { Fault } from '../fault.ts';

const LOGS = '3.1';

/** Log lines that a collector takes apart wrongly, or that tell too much or too little. */
export const LOG_FAULTS: readonly Fault[] = [
  fault(
    'log-of-text',
    'The log is text.',
    'logs/structured',
    /4 of 4 lines are not structured/,
    (log) => log.map((_, index) => `2026-05-04 10:15:3${index} INFO answered in 812 ms`),
    'replaced',
  ),
  fault(
    'log-with-prints',
    'A forgotten print writes numbers between the lines.',
    'logs/structured',
    /1 × plain text/,
    () => ['42'],
  ),
  fault(
    'log-with-banner',
    'The service is started by npm, which introduces itself.',
    'logs/structured',
    /output of a package manager/,
    () => ['> qna@1.4.0 start', '> node dist/main.js'],
  ),
  fault('log-with-stack', 'A stack trace is written over several lines.', 'logs/structured', /a stack trace/, () => [
    'Error: no row',
    '    at ask (/app/dist/ask.js:41:23)',
    '    at next (/app/dist/router.js:95:5)',
  ]),
  fault(
    'log-with-traceback',
    'A Python traceback is written over several lines.',
    'logs/structured',
    /a stack trace/,
    () => ['Traceback (most recent call last):', '  File "/app/main.py", line 88, in ask', "KeyError: 'question'"],
  ),
  fault(
    'log-with-runtime-warning',
    'A warning of the runtime is written past the logger.',
    'logs/structured',
    /a warning of the runtime/,
    () => ['(node:1) [DEP0040] DeprecationWarning: The `punycode` module is deprecated.'],
  ),
  fault(
    'log-pretty-printed',
    'A JSON object is written over several lines.',
    'logs/structured',
    /4 × plain text/,
    () => ['{', '  "level": "info",', '  "msg": "answered"', '}'],
  ),
  fault(
    'log-with-colours',
    'The lines have the colours of a terminal.',
    'logs/structured',
    /1 × coloured for a terminal/,
    () => [`\u001b[32m${line('info', 'answered')}\u001b[39m`],
  ),
  fault(
    'log-split',
    'A long line was split by the runtime, and never joined again.',
    'logs/structured',
    /a part of a JSON line that was split/,
    () => {
      const whole = line('info', 'retrieved', { passages: 'x'.repeat(100) });
      return [whole.slice(0, 90), whole.slice(90)];
    },
  ),
  fault('log-array', 'A line is a JSON array.', 'logs/structured', /1 × plain text/, () => ['["info","answered"]']),
  fault('log-without-level', 'A line has no level.', 'logs/structured', /JSON without a level/, () => [
    JSON.stringify({ time: '2026-05-04T10:15:30Z', msg: 'answered' }),
  ]),
  fault('log-without-time', 'A line has no time.', 'logs/structured', /JSON without a time/, () => [
    JSON.stringify({ level: 'info', msg: 'answered' }),
  ]),
  fault('log-time-unreadable', 'The time of a line has no date.', 'logs/structured', /JSON without a time/, () => [
    JSON.stringify({ level: 'info', time: '10:15:30', msg: 'answered' }),
  ]),
  fault('log-without-message', 'A line has no message.', 'logs/structured', /JSON without a message/, () => [
    JSON.stringify({ level: 'info', time: '2026-05-04T10:15:30Z', code: 7 }),
  ]),
  fault(
    'log-level-unknown',
    'A line has a level that no logger knows.',
    'logs/structured',
    /a level that no logger knows/,
    () => [JSON.stringify({ level: 'loud', time: '2026-05-04T10:15:30Z', msg: 'answered' })],
  ),
  fault(
    'log-empty',
    'Nothing was written.',
    'unknown:logs/structured',
    /No line was written|no line|no container/i,
    () => [],
    'replaced',
  ),
  fault(
    'log-with-dsn',
    'A line holds the connection string with its password.',
    'logs/secret-free',
    /password-in-url/,
    () => [line('info', 'connecting to postgres://qna:Tr0ub4dor@db:5432/qna')],
  ),
  fault('log-with-key', 'A line holds the key of the provider.', 'logs/secret-free', /openai-key/, () => [
    line('error', 'provider refused', { headers: { 'x-api-key': 'sk-proj-4b1d9f2c7a6e8d3f5a0c9b8e' } }),
  ]),
  fault('log-with-bearer', 'A line holds the token of a caller.', 'logs/secret-free', /bearer-token/, () => [
    line('info', 'headers', { authorization: 'Bearer c2VjcmV0LXRva2VuLW9mLWEtY2FsbGVy' }),
  ]),
  fault('log-with-long-line', 'A line has 64 KiB.', 'logs/line-size', /lines are 8 KiB or longer/, () => [
    line('debug', 'prompt', { prompt: 'x'.repeat(64 * 1024) }),
  ]),
  fault(
    'log-without-correlation',
    'A line about a request does not say which one.',
    'logs/correlated',
    /do not say which one/,
    () => [line('info', 'request', { method: 'POST', route: '/v1/ask', status: 200 })],
  ),
  fault(
    'log-with-question',
    'A line holds what a user asked, and the address of the user.',
    'logs/secret-free',
    /e-mail|personal|question/i,
    () => [
      line('info', 'asked', { user: 'ada@example.com', question: 'Can I return the shoes that I wore to my wedding?' }),
    ],
  ),
  fault('log-types-flip', 'A field is a text in one line and an object in the next.', 'logs/fields', /type/i, () => [
    line('info', 'answered', { model: 'stub-1' }),
    line('info', 'answered', { model: { name: 'stub-1' } }),
  ]),
  fault('log-time-runs-back', 'The times of the lines run back by hours.', 'logs/fields', /time/i, () => [
    JSON.stringify({ level: 'info', time: '2026-05-04T02:15:30Z', msg: 'answered' }),
  ]),
];

/** The lines stand behind those of the good service, or in their place. */
function fault(
  name: string,
  tells: string,
  check: string,
  says: RegExp,
  lines: (log: readonly string[]) => readonly string[],
  how: 'added' | 'replaced' = 'added',
): Fault {
  const breaks: Fault['breaks'] = (base) => ({
    ...base,
    log: how === 'added' ? [...base.log, ...lines(base.log)] : lines(base.log),
  });
  return { name, tells, item: LOGS, check, says, breaks };
}
