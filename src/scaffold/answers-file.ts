import { isMap, parseDocument, type Scalar } from 'yaml';
import { UserError } from '../core/errors.ts';
import type { AnswerName, Answers, GivenAnswers } from './answers.ts';
import type { ExistingFile } from './tree.ts';

export const ANSWERS_FILE = '.qna-ready/answers.yaml';
const VERSION = 2;

/** What answers were called up to version 1. */
const RENAMED: Readonly<Record<string, AnswerName>> = { ingressNamespace: 'controllerNamespace' };

/** Reads answers from YAML, those of an earlier version by their names of today; `name` is how the file is called in a refusal. */
export function readAnswers(file: ExistingFile | undefined, name: string): GivenAnswers {
  if (file === undefined) return {};
  const document = parse(file.text);
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    throw new UserError(
      `${name}:${line}:${col}: the answers cannot be read: ${error.message.split(/ at line |\n/)[0]}.`,
      {
        hint: 'Mend the line, or delete the file and answer anew.',
      },
    );
  }
  if (document.contents === null) return {};
  if (!isMap(document.contents))
    throw new UserError(`${name} holds no answers: it should be names and values.`, { hint: 'As in: name: qna' });
  // The first files had no version, and a file that a person writes needs none.
  const { version = 1, ...answers } = document.toJS() as Record<string, unknown>;
  if (version === VERSION) return answers;
  if (version !== 1)
    throw new UserError(
      `${name} has version ${JSON.stringify(version)}, and this qna-ready knows versions up to ${VERSION}.`,
      { hint: 'Update qna-ready, or mend the line that says version.' },
    );
  for (const [before, now] of Object.entries(RENAMED))
    if (before in answers && now in answers)
      throw new UserError(`${name} has both ${before} and ${now}, which is what ${before} is called now.`, {
        hint: 'Keep one of them.',
      });
  return Object.fromEntries(Object.entries(answers).map(([key, value]) => [RENAMED[key] ?? key, value]));
}

const HEADER = `# What qna-ready init was told, or found by itself. It reads this again at its next run.
# Change an answer here or by a flag. No secret belongs here: git may have this file.
`;

/** The answers as a file. Comments and order of one that exists survive; unchanged answers leave it as it is. */
export function renderAnswers(answers: Answers, existing: ExistingFile | undefined): string {
  const before = existing === undefined ? {} : readAnswers(existing, ANSWERS_FILE);
  const document = parse(existing?.text ?? HEADER);
  const isSame = Object.entries(answers).every(([key, value]) => before[key] === value);
  if (existing !== undefined && isSame && document.get('version') === VERSION) return existing.text;
  // The key alone changes, so that the comment and the place of its answer stay.
  if (isMap<Scalar>(document.contents))
    for (const { key } of document.contents.items) key.value = RENAMED[String(key.value)] ?? key.value;
  for (const [key, value] of Object.entries({ version: VERSION, ...answers }))
    if (document.get(key) !== value) document.set(key, value);
  return document.toString({ lineWidth: 0 });
}

function parse(text: string) {
  return parseDocument(text, { compat: 'yaml-1.1' });
}
