import { parseReport } from '../sources/replay/report-file.ts';
import type { Io } from './io.ts';
import { type HistoryPlace, openHistory } from './open-history.ts';
import { readGiven } from './read-given.ts';

/** Files reports in a history. All of them are read before one is stored, so that a wrong name stores nothing. */
export async function historyAdd(files: readonly string[], place: HistoryPlace, io: Io): Promise<number> {
  for (const file of files.filter((one) => one !== '-')) await reportIn(file, io);
  const store = await openHistory(place, io);
  try {
    for (const file of files) {
      const { name, isNew } = await store.add(await reportIn(file, io));
      io.stdout.write(
        `${isNew ? 'Stored' : 'Already there:'} ${file === '-' ? 'standard input' : file} as ${name} in ${store.shownAs}.\n`,
      );
    }
  } finally {
    await store.close();
  }
  return 0;
}

/** Takes away what is older than so many days. */
export async function historyPrune(keepDays: number, place: HistoryPlace, io: Io): Promise<number> {
  const before = new Date(io.now().getTime() - keepDays * 86_400_000);
  const store = await openHistory(place, io);
  try {
    const count = await store.prune(before);
    io.stdout.write(
      `Removed ${count} ${count === 1 ? 'report' : 'reports'} from before ${before.toISOString()} in ${store.shownAs}.\n`,
    );
  } finally {
    await store.close();
  }
  return 0;
}

async function reportIn(file: string, io: Io) {
  const { name, bytes } = await readGiven(file, io);
  return parseReport(bytes.toString('utf8'), name);
}
