import { nearest } from '../core/nearest.ts';

/** A complaint of commander as our own are told: the sentence, and what was probably meant below it. */
export function plainly(text: string): string {
  const [, sentence = '', suggestion] = /^error: ([\s\S]*?)\.?(?:\n\((Did you mean [\s\S]*\?)\))?\n$/.exec(text) ?? [];
  if (sentence === '') return text.replace(/^error: /, 'qna-ready: ');
  const [, argument, own, choices = ''] =
    /(?:argument|value) '([^']*)' is invalid(?: for argument '\w+')?\. (There is no .*\. )?Allowed choices are (.*)$/.exec(
      sentence,
    ) ?? [];
  const near = argument === undefined ? undefined : nearest(argument.split('=')[0] ?? '', choices.split(', '));
  const meant = suggestion ?? (near === undefined ? '' : `Did you mean ${near}?`);
  const hint = own === undefined ? meant : `${meant} Choose one of: ${choices}.`.trimStart();
  return `qna-ready: ${own?.trimEnd() ?? `${sentence}.`}\n${hint === '' ? '' : `  ${hint}\n`}`;
}
