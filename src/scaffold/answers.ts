import { UserError } from '../core/errors.ts';
import { defaultsFor } from './answer-defaults.ts';
import { RULES } from './answer-rules.ts';
import type { AnswerName, Answers, GivenAnswers } from './answer-shape.ts';
import * as COMPILED from './compiled-rules.ts';

export type { AnswerName, Answers, GivenAnswers };

export const ANSWER_NAMES = Object.keys(RULES) as readonly AnswerName[];

/** Fills what was not answered, and refuses what cannot be: every problem at once, one sentence each. */
export function completeAnswers(given: GivenAnswers, found: Partial<Answers> = {}): Answers {
  const answers = fillAnswers(given, found);
  refuseMissing(answers);
  return answers;
}

/** As `completeAnswers`, while a person is still being asked. */
export function fillAnswers(given: GivenAnswers, found: Partial<Answers> = {}): Answers {
  const unknown = Object.keys(given).filter((key) => !(ANSWER_NAMES as readonly string[]).includes(key));
  if (unknown.length > 0)
    throw new UserError(`There is no answer called ${unknown.map(shown).join(' or ')}.`, {
      hint: `The answers are: ${ANSWER_NAMES.join(', ')}.`,
    });
  const known: GivenAnswers = { ...fitting(found, given), ...given };
  const answers: GivenAnswers = { ...defaultsFor(known), ...known };
  const problems = ANSWER_NAMES.filter((key) => !isAllowed(key, answers[key]));
  // What follows from a wrong name is not wrong by itself.
  const told = problems.filter((key) => !problems.includes('name') || key === 'name' || key in given);
  if (told.length > 0)
    throw new UserError(told.map((key) => problemOf(key, answers[key])).join('\n'), {
      hint: 'Give it by its flag, with --set NAME=VALUE, or in the file of --answers.',
    });
  return answers as unknown as Answers;
}

/**
 * What was found, or answered before, without what no longer goes with the answers that overrule a part of it: another class
 * has another controller, which runs in a namespace of its own.
 */
export function fitting(known: GivenAnswers, overruling: GivenAnswers): GivenAnswers {
  const isChanged = (...names: readonly AnswerName[]) =>
    names.some((name) => overruling[name] !== undefined && overruling[name] !== known[name]);
  const isDefault = known.controllerNamespace === defaultsFor(known).controllerNamespace;
  const gone: readonly string[] = [
    ...(isChanged('ingressClass', 'ingressController') ? ['ingressClass', 'ingressController'] : []),
    ...(isDefault && isChanged('exposure', 'ingressClass', 'ingressController', 'gatewayClass')
      ? ['controllerNamespace']
      : []),
  ];
  return Object.fromEntries(Object.entries(known).filter(([name]) => !gone.includes(name)));
}

/** What one answer asks of another. */
function refuseMissing({ secrets, ageRecipient, autoscaling, replicas, maxReplicas }: Answers): void {
  if (secrets === 'sops' && ageRecipient === '')
    throw new UserError('With secrets: sops, ageRecipient must say whom SOPS encrypts for, and it is empty.', {
      hint: 'Give the public key that age-keygen shows: --set ageRecipient=age1…',
    });
  if (autoscaling !== 'none' && maxReplicas < replicas)
    throw new UserError(`maxReplicas is ${maxReplicas}, fewer than the ${replicas} replicas that there are at least.`, {
      hint: 'Raise the one or lower the other: --set maxReplicas=10.',
    });
}

/** One sentence on what is wrong with an answer; undefined where nothing is. */
export function problemOf(key: AnswerName, value: unknown): string | undefined {
  return isAllowed(key, value) ? undefined : `${key} must be ${RULES[key].means}, not ${shown(value)}.`;
}

function isAllowed(key: AnswerName, value: unknown): boolean {
  return matchesSchema[key](value) && RULES[key].test?.(String(value)) !== false;
}

const matchesSchema: Readonly<Record<AnswerName, (value: unknown) => boolean>> = COMPILED;

/** `key=value` of --set, with the type that the answer has. */
export function parseAssignment(text: string): readonly [string, unknown] {
  const equals = text.indexOf('=');
  if (equals < 1)
    throw new UserError(`--set ${shown(text)} is not of the form NAME=VALUE.`, {
      hint: 'As in: --set backupSize=20Gi.',
    });
  return [text.slice(0, equals), typed(text.slice(0, equals), text.slice(equals + 1))];
}

/** A text with the type that the answer has. */
export function typed(key: string, value: string): unknown {
  const example = (defaultsFor({}) as unknown as GivenAnswers)[key];
  return typeof example === 'number' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** Short, and on one line, whatever it is. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
