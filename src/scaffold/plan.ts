import { createHash } from 'node:crypto';
import type { RenderedFile } from './templates.ts';

export type Action = 'create' | 'update' | 'unchanged' | 'kept' | 'left deleted';

/** What would happen to one file, and why where that is not plain. */
export interface PlannedFile extends RenderedFile {
  readonly action: Action;
  readonly why?: string;
}

/** What earlier runs wrote: a hash for each file, so that a person's edit can be told from our own text. */
export interface WrittenFiles {
  readonly files: Readonly<Record<string, string>>;
}

export const SECRETS_FILE = 'k8s/secrets.yaml';

/** Decides, without touching anything. `read` gives a file of the project, or undefined where there is none. */
export function plan(
  rendered: readonly RenderedFile[],
  read: (path: string) => string | undefined,
  written: WrittenFiles,
): readonly PlannedFile[] {
  return rendered.map((file) => ({ ...file, ...decide(file, read(file.path), written.files[file.path]) }));
}

function decide(
  { path, content }: RenderedFile,
  existing: string | undefined,
  hash: string | undefined,
): Pick<PlannedFile, 'action' | 'why'> {
  if (existing === undefined)
    return hash === undefined
      ? { action: 'create' }
      : { action: 'left deleted', why: 'it was deleted after an earlier run' };
  if (path === SECRETS_FILE) return { action: 'kept', why: 'secrets are generated once and never changed' };
  if (existing === content) return { action: 'unchanged' };
  if (hash === hashOf(existing)) return { action: 'update' };
  return hash === undefined
    ? { action: 'kept', why: 'it was there before; compare it with --dry-run in an empty folder' }
    : { action: 'kept', why: 'it was edited; delete it to have it written anew' };
}

/** What the next run must know of this one: new hashes for what is written, old ones for what stays. */
export function rememberWritten(planned: readonly PlannedFile[], before: WrittenFiles): WrittenFiles {
  const files: Record<string, string> = { ...before.files };
  for (const { path, action, content } of planned)
    if (action === 'create' || action === 'update' || action === 'unchanged')
      // The hash of a secret would let a weak one be guessed; that it was written is all that is needed.
      files[path] = path === SECRETS_FILE ? 'secret' : hashOf(content);
  return { files: Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

export function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
