import { isMap, parseDocument } from 'yaml';
import { UserError } from '../core/errors.ts';
import type { Answers, GivenAnswers } from './answers.ts';
import type { ExistingFile } from './tree.ts';

export const ANSWERS_FILE = '.qna-ready/answers.yaml';
const VERSION = 1;

/** Reads answers from YAML; `name` is how the file is called in a refusal. */
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
  const { version = VERSION, ...answers } = document.toJS() as Record<string, unknown>;
  if (version !== VERSION)
    throw new UserError(
      `${name} has version ${JSON.stringify(version)}, and this qna-ready knows version ${VERSION}.`,
      {
        hint: 'Update qna-ready, or mend the line that says version.',
      },
    );
  return answers;
}

const HEADER = `# What qna-ready init was told, or found by itself. It reads this again at its next run.
# Change an answer here or by a flag. No secret belongs here: git may have this file.
`;

/** The answers as a file. Comments and order of one that exists survive; unchanged answers leave it as it is. */
export function renderAnswers(answers: Answers, existing: ExistingFile | undefined): string {
  const before = existing === undefined ? {} : readAnswers(existing, ANSWERS_FILE);
  const isSame = Object.entries(answers).every(([key, value]) => before[key] === value);
  if (existing !== undefined && isSame) return existing.text;
  const document = parse(existing?.text ?? HEADER);
  for (const [key, value] of Object.entries({ version: VERSION, ...answers }))
    if (document.get(key) !== value) document.set(key, value);
  return document.toString({ lineWidth: 0 });
}

function parse(text: string) {
  return parseDocument(text, { compat: 'yaml-1.1' });
}
