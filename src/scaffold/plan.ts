import { digestOf, type ScaffoldRecord } from './record.ts';
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
  readonly write?: FileWrite;
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
  const after: Record<string, string> = {};
  const files = wanted.map((file): PlannedFile => {
    const { digest, ...planned } = decide(file, read(file.path), record[file.path]);
    if (digest !== undefined) after[file.path] = digest;
    return { path: file.path, ...planned };
  });
  const paths = new Set(wanted.map(({ path }) => path));
  const left = Object.keys(record).filter((path) => !paths.has(path) && read(path) !== undefined);
  for (const path of left) after[path] = record[path] ?? '';
  return {
    files: [
      ...files,
      ...left.map(
        (path): PlannedFile => ({
          path,
          action: 'kept',
          why: 'No longer part of the set: delete it when nothing needs it.',
        }),
      ),
    ],
    record: after,
  };
}

/** The text that will be there after the plan has been carried out. */
export function effectiveText(file: WantedFile, read: ReadFile, record: ScaffoldRecord): string {
  const existing = read(file.path);
  return decide(file, existing, record[file.path]).action === 'kept' ||
    decide(file, existing, record[file.path]).action === 'conflict'
    ? (existing?.text ?? '')
    : file.text;
}

/** `digest` is what the record says about the file from now on. */
type Decision = Omit<PlannedFile, 'path'> & { readonly digest?: string };

function decide(file: WantedFile, existing: ExistingFile | undefined, recorded: string | undefined): Decision {
  if (file.policy === 'lines' || file.policy === 'state') return decideOwn(file, existing);
  if (file.policy === 'once') return decideOnce(file, existing, recorded);
  const digest = digestOf(file.text);
  if (existing === undefined)
    return recorded === undefined
      ? { action: 'create', write: file, digest }
      : {
          action: 'kept',
          why: 'You deleted it, so it stays deleted. To have it back, take its line out of .qna-ready/manifest.json.',
          digest: recorded,
        };
  if (existing.text === file.text) return { action: 'unchanged', digest };
  if (recorded === undefined) return { action: 'kept', why: 'It was there before, so it stays as it is.' };
  if (recorded === digestOf(existing.text)) return { action: 'update', write: keepingMode(file, existing), digest };
  if (recorded === digest) return { action: 'kept', why: 'You edited it, and there is nothing new for it.', digest };
  const path = newVersionOf(file.path);
  return {
    action: 'conflict',
    why: `You edited it, and there is something new for it: it stays as it is; take over what you want from ${path}.`,
    write: { ...file, path },
    // Said once: from now on the person's text is an edit of the new version.
    digest,
  };
}

function decideOnce(file: WantedFile, existing: ExistingFile | undefined, recorded: string | undefined): Decision {
  const digest = 'once';
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
    return { action: 'kept', why, digest };
  }
  if (recorded === undefined) return { action: 'create', write: file, digest };
  return {
    action: 'kept',
    why: 'It was written before and is not here. New passwords would lock the service out of its database: bring the file from where it was made.',
    digest,
  };
}

function decideOwn(file: WantedFile, existing: ExistingFile | undefined): Decision {
  if (existing === undefined) return { action: 'create', write: file };
  if (existing.text === file.text) return { action: 'unchanged' };
  return { action: file.policy === 'lines' ? 'merged' : 'update', write: keepingMode(file, existing) };
}

function keepingMode({ path, text }: WantedFile, { mode }: ExistingFile): FileWrite {
  return { path, text, mode };
}
