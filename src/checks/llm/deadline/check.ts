import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { NamedSetting } from '../../../kubernetes/environment.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { CALLER_FACTS, type Caller, callersOf, NO_CALLER } from '../callers.ts';

/** Whatever bounds a call, an answer or a request, in the words of many stacks; not the time to connect, nor that of a probe. */
const BOUND =
  /^(?!.*(?:CONNECT|CONNECTION|DATABASE|DB|REDIS|POOL|SESSION|IDLE|FIRST_TOKEN|SHUTDOWN|KEEP_?ALIVE|PROBE)).*(?:TIMEOUT|DEADLINE|TIME_LIMIT|MAX_TIME)(?:_?(?:MS|MILLIS|MILLISECONDS|S|SEC|SECS|SECONDS))?$/i;
const DEFAULT_GRACE_SECONDS = 30;
const MAX_SECONDS = 600;

export const llmDeadlineCheck = defineCheck({
  id: 'llm/deadline',
  title: 'Every call to the language model has a deadline, which is over before the pod is killed',
  severity: 'warning',
  why: 'The clients of most providers wait ten minutes by default. A provider that hangs then holds every request, every connection and every place in the queue, and the service is down with it.',
  how: 'A service with settings of a provider has at least one that bounds an answer or a call (…TIMEOUT, …DEADLINE, with _MS or _SECONDS, or named by aliases.deadline of the configuration), of more than nothing and at most ten minutes. The largest of them fits into terminationGracePeriodSeconds, so that an answer can end when the pod must. A number without a unit is taken for seconds up to 600, and for milliseconds above. A value that comes from a Secret is unknown.',
  fix: 'Give the service a setting such as ANSWER_DEADLINE_MS: "60000" that it really enforces, and a terminationGracePeriodSeconds above it.',
  verify: 'Stop the provider in staging, ask a question, and see when the answer comes.',
  references: [
    'https://sre.google/sre-book/addressing-cascading-failures/#deadlines-and-cancellation',
    'https://github.com/openai/openai-node#timeouts',
  ],
  needs: CALLER_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      callersOf(facts, settings).flatMap((caller) => judge(caller, settings.aliases.deadline)),
      NO_CALLER,
    ),
});

function judge({ workload, container, settings }: Caller, aliases: readonly string[]): readonly Verdict[] {
  const { resource, spec, specPath } = workload;
  const { subject, path } = container;
  const bounds = settings.filter(({ name }) => aliases.includes(name) || BOUND.test(name));
  if (bounds.length === 0)
    return [
      {
        outcome: 'fail',
        subject,
        message: 'No setting bounds a call to the language model, and clients wait ten minutes by default.',
        where: resource.locate([...path, 'env']),
        observed: 'no …TIMEOUT and no …DEADLINE',
        expected: 'a setting such as ANSWER_DEADLINE_MS',
      },
    ];
  const faults = bounds.flatMap((bound) => faultOf(bound, container, workload));
  if (faults.length > 0) return faults;
  const longest = Math.max(...bounds.map((bound) => secondsOf(bound) ?? 0));
  const grace = spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  const observed = `${bounds.map(({ name, value }) => `${name} ${value}`).join(', ')}; terminationGracePeriodSeconds ${grace}`;
  const where = resource.locate([...specPath, 'terminationGracePeriodSeconds']);
  return [
    grace < longest
      ? {
          outcome: 'fail',
          subject,
          message: 'The pod is killed before the longest call may be over.',
          where,
          observed,
          expected: `terminationGracePeriodSeconds above ${longest}`,
        }
      : { outcome: 'pass', subject, message: 'Every call ends in time.', where, observed },
  ];
}

function faultOf(
  bound: NamedSetting,
  { subject }: Caller['container'],
  { resource }: Caller['workload'],
): readonly Verdict[] {
  const { name, value, source, path } = bound;
  const where = resource.locate(path);
  if (value === undefined)
    return [{ outcome: 'unknown', subject, message: `${name} comes from where this cannot look: ${source}.`, where }];
  const seconds = secondsOf(bound);
  if (seconds !== undefined && seconds > 0 && seconds <= MAX_SECONDS) return [];
  return [
    {
      outcome: 'fail',
      subject,
      message: seconds === undefined ? `${name} is no time.` : `${name} bounds nothing.`,
      where,
      observed: `${name} ${JSON.stringify(value)} in ${source}`,
      expected: `more than nothing, and at most ${MAX_SECONDS} s`,
    },
  ];
}

/** In seconds, by the unit of the name or of the value. */
function secondsOf({ name, value = '' }: NamedSetting): number | undefined {
  const [, digits, unit] = /^\s*(-?\d+(?:\.\d+)?)\s*(ms|s|m)?\s*$/.exec(value) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits);
  if (unit === 'ms' || (unit === undefined && /_?(?:MS|MILLIS|MILLISECONDS)$/i.test(name))) return number / 1000;
  if (unit === 'm') return number * 60;
  if (unit === 's' || /_?(?:S|SEC|SECS|SECONDS)$/.test(name)) return number;
  return number > MAX_SECONDS ? number / 1000 : number;
}
