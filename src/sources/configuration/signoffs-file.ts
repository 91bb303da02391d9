import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { Document, isMap, isSeq, parseDocument } from 'yaml';
import schema from '../../../schemas/signoffs-v1.schema.json' with { type: 'json' };
import type { Signoff } from '../../core/signoff.ts';
import { readValidated } from './read-validated.ts';

/** Where people sign, where nobody names another file. */
export const SIGNOFFS_FILE = '.qna-ready/signoffs.yaml';

const HEADING = ` Who has signed which item of the checklist, and until when. Written by: qna-ready checklist sign.
 An entry that is changed by hand does not count any more; one that is taken away is not missed.`;

/**
 * The file that is meant: the named one, or the first of these folders that has one, or else where it would be written. Paths are told as
 * a person in the working directory would write them.
 */
export function findSignoffs(named: string | undefined, folders: readonly string[], cwd: string): string {
  if (named !== undefined) return named;
  const places = folders.map((folder) => relative(cwd, resolve(cwd, folder, SIGNOFFS_FILE)));
  return places.find((place) => existsSync(resolve(cwd, place))) ?? places[0] ?? SIGNOFFS_FILE;
}

/** Reads what was signed; nothing where there is no such file. Throws UserError for what cannot be read. */
export async function readSignoffs(file: string, cwd: string): Promise<readonly Signoff[]> {
  if (!existsSync(resolve(cwd, file))) return [];
  const { value, locate } = await readValidated<{ readonly signoffs?: readonly Signoff[] | null }>(file, cwd, schema, {
    noun: 'file of signatures',
    hint: 'Check --signoffs.',
    schemaFile: 'schemas/signoffs-v1.schema.json',
  });
  return (value.signoffs ?? []).map((signoff, index) => ({ ...signoff, where: locate(['signoffs', index]) }));
}

/** The text of the file with these signatures in place of those of the same items; comments and all others stay. */
export function withSignoffs(text: string | undefined, signoffs: readonly Omit<Signoff, 'where'>[]): string {
  const document = text === undefined || text.trim() === '' ? empty() : parseDocument(text);
  if (!isSeq(document.get('signoffs'))) document.set('signoffs', document.createNode([]));
  const list = document.get('signoffs');
  if (!isSeq(list)) throw new Error('a list that was just made is none');
  list.flow = false;
  for (const signoff of signoffs) {
    const node = document.createNode(signoff);
    const index = list.items.findIndex(
      (entry) => isMap(entry) && entry.get('item') === signoff.item && entry.get('application') === signoff.application,
    );
    const old = list.items[index];
    if (isMap(old)) {
      if (typeof old.commentBefore === 'string') node.commentBefore = old.commentBefore;
      list.items[index] = node;
    } else list.add(node);
  }
  return document.toString({ lineWidth: 0 });
}

function empty(): Document {
  const document = new Document({ signoffs: [] });
  document.commentBefore = HEADING;
  return document;
}
