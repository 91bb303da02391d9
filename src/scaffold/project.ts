import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { reasonOf, UserError } from '../core/errors.ts';
import { parseImageReference } from '../kubernetes/image-reference.ts';
import type { Answers } from './answers.ts';
import type { WrittenFiles } from './plan.ts';
import type { RenderedFile } from './templates.ts';

const ANSWERS_FILE = '.qna-ready/answers.yaml';
const WRITTEN_FILE = '.qna-ready/manifest.json';

/** A file of the project as text, or undefined where there is none. */
export function readProjectFile(root: string, path: string): string | undefined {
  const file = join(root, path);
  if (!existsSync(file) || !statSync(file).isFile()) return undefined;
  return readFileSync(file, 'utf8');
}

/** What the repository itself answers: its name and the port of its Dockerfile. */
export function defaultsOf(root: string): Partial<Answers> {
  const name = nameOf(root);
  const exposed = Number(/^EXPOSE\s+(\d+)/m.exec(readProjectFile(root, 'Dockerfile') ?? '')?.[1]);
  return {
    ...(name === undefined ? {} : { name }),
    ...(exposed >= 1024 && exposed <= 65_535 ? { port: exposed } : {}),
  };
}

/** The answers of the run before. */
export function rememberedAnswers(root: string): Readonly<Record<string, unknown>> {
  return readAnswers(join(root, ANSWERS_FILE), false);
}

/** Answers from a YAML file; a missing one is refused where a person named it. */
export function readAnswers(file: string, named: boolean): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) {
    if (named) throw new UserError(`The answers file ${file} does not exist.`, { hint: 'Check --answers.' });
    return {};
  }
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UserError(`The answers in ${file} cannot be read: ${reasonOf(cause).split('\n')[0]}.`, {
      hint: 'Mend the file, or delete it.',
      cause,
    });
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new UserError(`${file} holds no answers: it must be a map of names and values.`, {
      hint: 'As in: name: qna.',
    });
  return value as Readonly<Record<string, unknown>>;
}

export function writtenBefore(root: string): WrittenFiles {
  const text = readProjectFile(root, WRITTEN_FILE);
  if (text === undefined) return { files: {} };
  try {
    const value = JSON.parse(text) as Partial<WrittenFiles> | null;
    if (typeof value?.files === 'object' && value.files !== null) return { files: value.files };
  } catch {
    // Falls through: a file that is no JSON is as broken as one without its content.
  }
  throw new UserError(`${WRITTEN_FILE} is broken, so edited files cannot be told from untouched ones.`, {
    hint: 'Restore it from git; or delete it, and every file that exists is kept as it is.',
  });
}

/** The files by which the next run knows of this one. */
export function renderState(answers: Answers, written: WrittenFiles): readonly RenderedFile[] {
  return [
    {
      path: ANSWERS_FILE,
      content: `# The answers that qna-ready init was given. It reads them again at its next run; change them here or with flags.\n${stringify(answers)}`,
      mode: 0o644,
    },
    { path: WRITTEN_FILE, content: `${JSON.stringify(written, undefined, 2)}\n`, mode: 0o644 },
  ];
}

function nameOf(root: string): string | undefined {
  let name = basename(root);
  try {
    const manifest = JSON.parse(readProjectFile(root, 'package.json') ?? '{}') as { readonly name?: unknown };
    if (typeof manifest.name === 'string') name = manifest.name.split('/').at(-1) ?? name;
  } catch {
    // A broken package.json is not ours to judge; the folder has a name too.
  }
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '');
  return label === '' || parseImageReference(label) === undefined ? undefined : label;
}
