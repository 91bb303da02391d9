import { createHash } from 'node:crypto';
import { UserError } from '../core/errors.ts';
import type { ReadFile } from './tree.ts';

/**
 * What earlier runs wrote, so that a person's edit can be told from our own text: for each path the digest of the text, or
 * `once` for secrets, of which not even a digest is kept.
 */
export type ScaffoldRecord = Readonly<Record<string, string>>;

export const RECORD_FILE = '.qna-ready/manifest.json';
const VERSION = 1;

export function readRecord(read: ReadFile): ScaffoldRecord {
  const file = read(RECORD_FILE);
  if (file === undefined) return {};
  const value = parse(file.text) as { readonly version?: unknown; readonly files?: unknown } | undefined;
  if (typeof value?.version === 'number' && value.version > VERSION)
    throw new UserError(`${RECORD_FILE} was written by a newer version of qna-ready.`, { hint: 'Update qna-ready.' });
  const files = value?.files;
  const isRecord =
    typeof files === 'object' && files !== null && Object.values(files).every((digest) => typeof digest === 'string');
  if (!isRecord)
    throw new UserError(
      `${RECORD_FILE} is broken, so files that were edited cannot be told from those that were not.`,
      {
        hint: 'Bring it back from git; or delete it, and every file that exists is kept as it is.',
      },
    );
  return files as ScaffoldRecord;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

export function renderRecord(record: ScaffoldRecord): string {
  const files = Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ version: VERSION, files }, undefined, 2)}\n`;
}

export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
