import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, opendir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { historyEntry, targetOf } from '../../core/history.ts';
import type { Report } from '../../core/report.ts';
import { parseReport } from '../replay/report-file.ts';
import { folderName, reportName } from './report-name.ts';
import type { HistoryStore, Stored } from './store.ts';

/** Keeps reports as JSON files, in a folder for each target; any other folder of reports can be read as well. */
export function folderStore(folder: string, shownAs: string): HistoryStore {
  const read = async (name: string): Promise<Report> => {
    try {
      return parseReport(await readFile(join(folder, name), 'utf8'), join(shownAs, name));
    } catch (error) {
      throw error instanceof UserError ? error : refused(join(shownAs, name), 'read', error);
    }
  };
  return {
    shownAs,
    async add(report) {
      const { name } = reportName(report);
      const file = join(folderName(targetOf(report)), `${name}.json`);
      return { name: file, isNew: await writeOnce(folder, file, report, shownAs) };
    },
    async *entries() {
      for await (const name of filesBelow(folder, shownAs)) yield await storedAt(name, read);
    },
    read,
    async prune(before) {
      let count = 0;
      for await (const name of filesBelow(folder, shownAs)) {
        const stored = await storedAt(name, read);
        // What cannot be read may be nobody's to take away.
        if (!('entry' in stored) || Date.parse(stored.entry.startedAt) >= before.getTime()) continue;
        await rm(join(folder, name)).catch((error: unknown) => {
          throw refused(join(shownAs, name), 'removed', error);
        });
        count += 1;
      }
      return count;
    },
    close: async () => {},
  };
}

async function storedAt(name: string, read: (name: string) => Promise<Report>): Promise<Stored> {
  try {
    return { entry: historyEntry(name, await read(name)) };
  } catch (error) {
    if (error instanceof UserError) return { name, unreadable: error.message };
    throw error;
  }
}

/** The JSON files of a folder and of those below it. A link is followed to a file, and to no folder: it could lead around. */
async function* filesBelow(root: string, shownAs: string, folder = root): AsyncGenerator<string> {
  const names: { readonly name: string; readonly isFolder: boolean }[] = [];
  try {
    for await (const entry of await opendir(folder))
      if (entry.isDirectory() || entry.name.endsWith('.json'))
        names.push({ name: entry.name, isFolder: entry.isDirectory() });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && folder === root)
      throw new UserError(`There is no history in ${shownAs}.`, {
        hint: 'Store a report there with: qna-ready history add REPORT.json',
        cause: error,
      });
    throw refused(join(shownAs, relative(root, folder)), 'read', error);
  }
  for (const { name, isFolder } of names.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    if (isFolder) yield* filesBelow(root, shownAs, join(folder, name));
    else yield relative(root, join(folder, name));
}

/** The file is there as a whole or not at all. */
async function writeOnce(folder: string, file: string, report: Report, shownAs: string): Promise<boolean> {
  const target = join(folder, file);
  const written = join(dirname(target), `.${randomUUID()}`);
  try {
    await mkdir(dirname(target), { recursive: true });
    if (
      await access(target, constants.F_OK).then(
        () => true,
        () => false,
      )
    )
      return false;
    await writeFile(written, `${JSON.stringify(report)}\n`, { flag: 'wx' });
    await rename(written, target);
    return true;
  } catch (error) {
    await rm(written, { force: true }).catch(() => {});
    throw refused(join(shownAs, file), 'written', error);
  }
}

function refused(shown: string, deed: string, error: unknown): UserError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason =
    {
      EACCES: 'permission was refused',
      ENOTDIR: 'it is no folder',
      ENOSPC: 'the disk is full',
      EROFS: 'the disk is read-only',
    }[code] ?? message;
  return new UserError(`${shown} cannot be ${deed}: ${reason}.`, {
    hint: 'Choose another folder, or mend its permissions.',
    cause: error,
  });
}
