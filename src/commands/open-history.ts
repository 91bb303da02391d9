import { resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { HistoryStore } from '../sources/history/store.ts';
import type { Io } from './io.ts';

export const DEFAULT_HISTORY = '.qna-ready/history';

/** Where reports are kept: a folder, or a PostgreSQL by its URL or the variable that has it. */
export interface HistoryPlace {
  readonly folder?: string;
  readonly dsn?: string;
  readonly dsnEnv?: string;
}

export async function openHistory({ folder, dsn, dsnEnv }: HistoryPlace, io: Io): Promise<HistoryStore> {
  const isDatabase = dsn !== undefined || dsnEnv !== undefined;
  if (isDatabase && folder !== undefined)
    throw new UserError('A history is in a folder or in PostgreSQL, and both were given.', {
      hint: 'Take one of them away.',
    });
  if (dsn !== undefined && dsnEnv !== undefined)
    throw new UserError('The URL of PostgreSQL was given twice.', { hint: 'Take --dsn or --dsn-env away.' });
  if (!isDatabase) {
    const { folderStore } = await import('../sources/history/folder-store.ts');
    const shownAs = folder ?? DEFAULT_HISTORY;
    return folderStore(resolve(io.cwd, shownAs), shownAs);
  }
  const url = dsn ?? io.env[dsnEnv ?? ''];
  if (url === undefined || url === '')
    throw new UserError(`The environment variable ${dsnEnv} has no URL of PostgreSQL.`, {
      hint: 'Set it to postgres://USER:PASSWORD@HOST:5432/DATABASE, or name another one with --dsn-env.',
    });
  return (await import('../sources/history/postgres-store.ts')).postgresStore(url);
}
