import { parseAllDocuments } from 'yaml';
import { type Conflict, mergeTexts, withLineEndsOf, withoutCrLf } from './merge.ts';
import { digestOf, type RecordedFile, type ScaffoldRecord } from './record.ts';
import { staleSecretName } from './stale-secrets.ts';
import type { ExistingFile, ReadFile } from './tree.ts';

export type Action = 'create' | 'update' | 'unchanged' | 'merged' | 'conflict' | 'kept';

/** A file as it should be. */
export interface WantedFile {
  /** Below the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** `template` is kept up to date, `once` is never touched again, `lines` are added to what is there, `state` is our own. */
  readonly policy: 'template' | 'once' | 'lines' | 'state';
}

/** What would happen to one file. */
export interface PlannedFile {
  readonly path: string;
  readonly action: Action;
  /** Why, and what a person can do, where that is not plain. */
  readonly why?: string;
  /** The file itself first. */
  readonly writes: readonly FileWrite[];
  /** What the person and the new version both changed. */
  readonly conflicts?: readonly Conflict[];
}

export interface FileWrite {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

export interface Plan {
  readonly files: readonly PlannedFile[];
  /** What the next run must know. */
  readonly record: ScaffoldRecord;
}

/** Where the new version of an edited file is laid. Its suffix keeps tools from reading it as a manifest. */
export const newVersionOf = (path: string) => `.qna-ready/new/${path}.new`;

/** Decides, without touching anything. A person's edit always wins, and a person's deletion too. */
export function planFiles(wanted: readonly WantedFile[], read: ReadFile, record: ScaffoldRecord): Plan {
  const after: Record<string, RecordedFile> = {};
  const files = wanted.map((file): PlannedFile => {
    const { record: recorded, ...planned } = decide(file, read(file.path), record[file.path]);
    if (recorded !== undefined) after[file.path] = recorded;
    return { path: file.path, ...planned };
  });
  const paths = new Set(wanted.map(({ path }) => path));
  const left = Object.entries(record).filter(([path]) => !paths.has(path) && read(path) !== undefined);
  for (const [path, recorded] of left) after[path] = recorded;
  return {
    files: [
      ...files,
      ...left.map(
        ([path]): PlannedFile => ({
          path,
          action: 'kept',
          why: 'No longer part of the set: delete it when nothing needs it.',
          writes: [],
        }),
      ),
    ],
    record: after,
  };
}

/** The text that will be there after the plan has been carried out. */
export function effectiveText(file: WantedFile, read: ReadFile, record: ScaffoldRecord): string {
  const existing = read(file.path);
  const write = decide(file, existing, record[file.path]).writes.find(({ path }) => path === file.path);
  return write?.text ?? existing?.text ?? '';
}

/** `record` is what the record says about the file from now on. */
type Decision = Omit<PlannedFile, 'path'> & { readonly record?: RecordedFile };

function decide(file: WantedFile, existing: ExistingFile | undefined, recorded: RecordedFile | undefined): Decision {
  if (file.policy === 'lines' || file.policy === 'state') return decideOwn(file, existing);
  if (file.policy === 'once') return decideOnce(file, existing, recorded);
  const record = { digest: digestOf(file.text), text: file.text };
  if (existing === undefined)
    return recorded === undefined
      ? { action: 'create', writes: [file], record }
      : {
          action: 'kept',
          why: 'You deleted it, so it stays deleted. To have it back, take its line out of .qna-ready/manifest.json.',
          writes: [],
          record: recorded,
        };
  const text = withoutCrLf(existing.text);
  if (text === file.text) return { action: 'unchanged', writes: [], record };
  if (recorded === undefined) return { action: 'kept', why: 'It was there before, so it stays as it is.', writes: [] };
  if (recorded.digest === digestOf(text)) return { action: 'update', writes: [inPlaceOf(file, existing)], record };
  if (recorded.digest === record.digest)
    return { action: 'kept', why: 'You edited it, and there is nothing new for it.', writes: [], record };
  return decideMerge(file, existing, recorded, record);
}

function decideMerge(file: WantedFile, existing: ExistingFile, recorded: RecordedFile, record: RecordedFile): Decision {
  const path = newVersionOf(file.path);
  const beside = { path, text: file.text, mode: file.mode };
  const merge = recorded.text === undefined ? undefined : mergeTexts(recorded.text, existing.text, file.text);
  if (merge === undefined || !staysReadable(file.path, existing.text, merge.text))
    return {
      action: 'conflict',
      why: `You edited it, and there is something new for it: it stays as it is; take over what you want from ${path}.`,
      writes: [beside],
      // Said once: from now on the person's text is an edit of the new version.
      record,
    };
  const merged = merge.text === existing.text ? [] : [inPlaceOf({ ...file, text: merge.text }, existing)];
  if (merge.conflicts.length > 0)
    return {
      action: 'conflict',
      why: `You edited what the new version changes too: your lines stay, all else is merged; the new version is in ${path}.`,
      writes: [...merged, beside],
      conflicts: merge.conflicts,
      record,
    };
  return merged.length === 0
    ? { action: 'kept', why: 'You edited it, and what is new is in it already.', writes: [], record }
    : { action: 'merged', why: 'Your edits stay, beside what is new.', writes: merged, record };
}

/** Two edits that are well by themselves can name one key twice. Such a merge is none. */
function staysReadable(path: string, before: string, after: string): boolean {
  if (!/\.ya?ml$/.test(path)) return true;
  const isBroken = (text: string) => [...parseAllDocuments(text)].some(({ errors }) => errors.length > 0);
  return isBroken(before) || !isBroken(after);
}

function decideOnce(
  file: WantedFile,
  existing: ExistingFile | undefined,
  recorded: RecordedFile | undefined,
): Decision {
  const record = { digest: 'once' };
  if (existing !== undefined) {
    const stale = staleSecretName(existing.text, file.text);
    const why = [
      'Secrets are generated once and never changed.',
      ...(stale === undefined
        ? []
        : [
            `It is still ${stale}: change its name, its namespace and DATABASE_URL by hand, as in k8s/secrets.example.yaml.`,
          ]),
      ...((existing.mode & 0o077) === 0 ? [] : [`Others can read it: chmod 600 ${file.path}.`]),
    ].join(' ');
    return { action: 'kept', why, writes: [], record };
  }
  if (recorded === undefined) return { action: 'create', writes: [file], record };
  return {
    action: 'kept',
    why: 'It was written before and is not here. New passwords would lock the service out of its database: bring the file from where it was made.',
    writes: [],
    record,
  };
}

function decideOwn(file: WantedFile, existing: ExistingFile | undefined): Decision {
  if (existing === undefined) return { action: 'create', writes: [file] };
  if (existing.text === file.text) return { action: 'unchanged', writes: [] };
  return { action: file.policy === 'lines' ? 'merged' : 'update', writes: [inPlaceOf(file, existing)] };
}

/** With the mode and the line ends of what it replaces. */
function inPlaceOf({ path, text }: WantedFile, existing: ExistingFile): FileWrite {
  return { path, text: withLineEndsOf(existing.text, withoutCrLf(text)), mode: existing.mode };
}
