import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { FactName } from '../core/facts.ts';
import type { Settings } from '../core/settings.ts';
import type { Question } from '../sources/endpoint/observe-activity.ts';
import type { LoadOptions, RunOptions } from '../sources/endpoint/runs/run-options.ts';

/** What a person wants to be done to the service, with the question still as it was written. */
export interface RunChoice extends Pick<RunOptions, 'outage' | 'drain'> {
  readonly load?: Omit<LoadOptions, 'request'> & { readonly request?: string };
}

/** Turns it into what the source does. A question that is asked (`asks`) is also asked as one who reads along. */
export function runsOf(
  { load, ...choice }: RunChoice,
  asks: boolean,
  { longestAnswerSeconds }: Settings,
  parse: (text: string) => Question,
  tell: (text: string) => void,
): RunOptions {
  return {
    ...choice,
    ...(load === undefined ? {} : { load: loadOf(load, parse) }),
    ...(asks ? { question: { longestAnswerMs: longestAnswerSeconds * 1000 } } : {}),
    tell,
  };
}

function loadOf({ request, ...rate }: NonNullable<RunChoice['load']>, parse: (text: string) => Question): LoadOptions {
  return request === undefined ? rate : { ...rate, request: parse(request) };
}

/** What of it a person asked for, whatever it holds. */
export type Asked = { readonly [Part in keyof Omit<RunOptions, 'tell'>]?: unknown };

/** The facts that only an option brings: which part of the choice asks for each, and how a person says so. */
const ASKED: readonly (readonly [fact: FactName, part: keyof Asked, option: string])[] = [
  ['outageRun', 'outage', '--outage-command and --recover-command'],
  ['drainRun', 'drain', '--drain-pid or --drain-command'],
  ['loadRun', 'load', '--load'],
  ['questionRun', 'question', '--ask'],
];

/** Throws UserError where every chosen check waits for something that nobody asked to be done. */
export function refuseUnasked(checks: readonly Check[], asked: Asked): void {
  const unasked = ASKED.filter(([, part]) => asked[part] === undefined);
  const waiting = checks.map(({ needs }) => unasked.find(([fact]) => needs.includes(fact)));
  if (waiting.length === 0 || waiting.includes(undefined)) return;
  const options = new Set(waiting.map((each) => each?.[2]));
  throw new UserError('The chosen checks judge what a service does while something is done to it on purpose.', {
    hint: `Say what: ${[...options].join('; ')}.`,
  });
}
