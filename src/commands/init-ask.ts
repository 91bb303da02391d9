import { type CommonOptions, confirm, select, text } from '@clack/prompts';
import { UserError } from '../core/errors.ts';
import { type AnswerName, type GivenAnswers, problemOf, typed } from '../scaffold/answers.ts';
import { QUESTIONS, type Question } from '../scaffold/questions.ts';
import type { AnswersDraft } from '../scaffold/scaffold.ts';
import type { Terminal } from './io.ts';

/** Asks on the terminal for every answer that was not given. Enter takes what was found in the repository, or the default. */
export async function askAnswers(
  draft: AnswersDraft,
  given: GivenAnswers,
  { input, output }: Terminal,
  signal: AbortSignal,
): Promise<GivenAnswers> {
  const common: CommonOptions = { input, output, signal };
  let answers = given;
  for (const question of QUESTIONS) {
    const { name, when } = question;
    const soFar = draft.completed(answers);
    if (name in given || when?.(soFar) === false) continue;
    const answer = await ask(question, String(soFar[name]), common);
    answers = { ...answers, [name]: typed(name, answered(answer)) };
  }
  return answers;
}

/** Asks before anything is asked of a cluster, which may be one that nobody wanted to be seen in. */
export async function askForCluster(
  context: string,
  { input, output }: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const message = `May it read the version and the classes of the cluster ${context}?`;
  return answered<boolean>(await confirm({ message, input, output, signal }));
}

/** A symbol is what control and C leave. */
function answered<T>(answer: T | symbol): T {
  if (typeof answer === 'symbol') throw new UserError('Interrupted before anything was written.');
  return answer;
}

function ask({ name, message, choices }: Question, initial: string, common: CommonOptions): Promise<string | symbol> {
  if (choices !== undefined)
    return select({ ...common, message, options: choices.map((choice) => ({ ...choice })), initialValue: initial });
  return text({
    ...common,
    message,
    placeholder: initial,
    defaultValue: initial,
    validate: (value) => validity(name, value === undefined || value === '' ? initial : value),
  });
}

function validity(name: AnswerName, value: string): string | undefined {
  return problemOf(name, typed(name, value));
}
