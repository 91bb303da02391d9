import { createHash } from 'node:crypto';
import { UserError } from '../core/errors.ts';
import type { ReadFile } from './tree.ts';

/** What an earlier run wrote, so that a person's edit can be told from our own text. */
export interface RecordedFile {
  /** Of the text, or `once` for secrets, of which not even a digest is kept. */
  readonly digest: string;
  /** The text itself: the base of a three-way merge. An early version kept none. */
  readonly text?: string;
}

export type ScaffoldRecord = Readonly<Record<string, RecordedFile>>;

export const RECORD_FILE = '.qna-ready/manifest.json';
export const BASE_FILE = '.qna-ready/base.json';
const VERSION = 1;
/** The first records left it out. */
const ALGORITHM = 'sha256:';

export function readRecord(read: ReadFile): ScaffoldRecord {
  const digests = filesIn(read, RECORD_FILE, (value) => typeof value === 'string') as Readonly<Record<string, string>>;
  const isLines = (value: unknown) => Array.isArray(value) && value.every((line) => typeof line === 'string');
  const bases = filesIn(read, BASE_FILE, isLines) as Readonly<Record<string, readonly string[]>>;
  return Object.fromEntries(
    Object.entries(digests).map(([path, written]) => {
      const digest = /^[0-9a-f]{64}$/.test(written) ? `${ALGORITHM}${written}` : written;
      const text = bases[path]?.join('\n');
      // A base of another run than the digest would merge an edit that nobody made.
      return [path, { digest, ...(text !== undefined && digestOf(text) === digest ? { text } : {}) }];
    }),
  );
}

function filesIn(read: ReadFile, name: string, isValue: (value: unknown) => boolean): object {
  const file = read(name);
  if (file === undefined) return {};
  const value = parse(file.text) as { readonly version?: unknown; readonly files?: unknown } | undefined;
  if (typeof value?.version === 'number' && value.version > VERSION)
    throw new UserError(`${name} was written by a newer version of qna-ready.`, { hint: 'Update qna-ready.' });
  const files = value?.files;
  const isRecord = typeof files === 'object' && files !== null && Object.values(files).every(isValue);
  if (!isRecord)
    throw new UserError(`${name} is broken, so files that were edited cannot be told from those that were not.`, {
      hint: 'Bring it back from git; or delete it, and every file that exists is kept as it is.',
    });
  return files;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

export function renderRecord(record: ScaffoldRecord): string {
  return render(record, ({ digest }) => digest);
}

/** Line by line, so that a change of it can be read, and merged, in git. */
export function renderBases(record: ScaffoldRecord): string {
  return render(record, ({ text }) => text?.split('\n'));
}

function render(record: ScaffoldRecord, kept: (file: RecordedFile) => unknown): string {
  const files = Object.entries(record)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, file]) => {
      const value = kept(file);
      return value === undefined ? [] : [[path, value] as const];
    });
  return `${JSON.stringify({ version: VERSION, files: Object.fromEntries(files) }, undefined, 2)}\n`;
}

/** `sha256:` and the digest of a text in hexadecimal. */
export function digestOf(text: string): string {
  return `${ALGORITHM}${createHash('sha256').update(text).digest('hex')}`;
}
