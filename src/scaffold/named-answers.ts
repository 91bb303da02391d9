import { readFileSync } from 'node:fs';
import { reasonOf, UserError } from '../core/errors.ts';
import type { GivenAnswers } from './answers.ts';
import { readAnswers } from './answers-file.ts';

/** The answers in a file that a person named. */
export function readNamedAnswers(file: string): GivenAnswers {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`The answers in ${file} cannot be read: ${reasonOf(cause)}.`, {
      hint: 'Check --answers.',
      cause,
    });
  }
  return readAnswers({ text, mode: 0 }, file);
}
