import { UserError } from '../core/errors.ts';
import { evidenceFor, HISTORY_SCHEMA, type History, type HistoryEntry, type TargetHistory } from '../core/history.ts';
import { nearest } from '../core/nearest.ts';
import { historiesOf } from '../core/trend.ts';
import { loadHistoryReporter } from '../reporters/history-reporter.ts';
import type { HistoryStore } from '../sources/history/store.ts';
import type { TellingOptions } from './comparing-options.ts';
import type { Io } from './io.ts';
import { type HistoryPlace, openHistory } from './open-history.ts';
import { tellComparison } from './tell-comparison.ts';

export interface HistoryOptions extends TellingOptions, HistoryPlace {
  /** A target, or a part of its words. */
  readonly target?: string;
  /** An item by its id or its name, whose whole story is told. */
  readonly item?: string;
}

/** Tells what stored reports say together. Exits with 3 where a stored report could not be read. */
export async function history(options: HistoryOptions, io: Io): Promise<number> {
  const store = await openHistory(options, io);
  try {
    const { entries, unreadable } = await gather(store, io);
    const targets = historiesOf(chosen(entries, options.target));
    const stories = options.item === undefined ? [] : await tellStories(targets, options.item, store);
    const told: History = { $schema: HISTORY_SCHEMA, store: store.shownAs, targets, stories, unreadable };
    await tellComparison(async (format, style) => (await loadHistoryReporter(format))(told, style), options, io);
    return unreadable.length > 0 ? 3 : 0;
  } finally {
    await store.close();
  }
}

async function gather(store: HistoryStore, io: Io) {
  const entries: HistoryEntry[] = [];
  const unreadable: string[] = [];
  const once = sharing();
  for await (const stored of store.entries()) {
    io.signal.throwIfAborted();
    if ('entry' in stored) entries.push(once(stored.entry));
    else unreadable.push(stored.unreadable);
  }
  const HINT = 'Store one with: qna-ready history add REPORT.json';
  if (entries.length === 0 && unreadable[0] !== undefined)
    throw new UserError(`${store.shownAs} holds no report that can be read: ${unreadable[0]}`, { hint: HINT });
  if (entries.length === 0) throw new UserError(`${store.shownAs} holds no report.`, { hint: HINT });
  return { entries, unreadable };
}

/** Thousands of reports have the same items in few states: each is kept once. */
function sharing(): (entry: HistoryEntry) => HistoryEntry {
  const kept = new Map<string, HistoryEntry['items'][number]>();
  const targets = new Map<string, string>();
  return (entry) => {
    const target = targets.get(entry.target) ?? entry.target;
    targets.set(target, target);
    const items = entry.items.map((item) => {
      const key = `${item.id}\n${item.state}\n${item.name}\n${item.title}\n${item.section}`;
      const known = kept.get(key) ?? item;
      kept.set(key, known);
      return known;
    });
    return { ...entry, target, items };
  };
}

function chosen(entries: readonly HistoryEntry[], target: string | undefined): readonly HistoryEntry[] {
  if (target === undefined) return entries;
  const exact = entries.filter((entry) => entry.target === target);
  const found = exact.length > 0 ? exact : entries.filter((entry) => entry.target.includes(target));
  if (found.length > 0) return found;
  const known = [...new Set(entries.map((entry) => entry.target))];
  const more = known.length > 5 ? ` and ${known.length - 5} more` : '';
  throw new UserError(`No stored report is about ${target}.`, {
    hint: `There are reports about: ${known.slice(0, 5).join(' | ')}${more}.`,
  });
}

/** Reads only the reports at which the item flipped, and the first one. */
async function tellStories(
  targets: readonly TargetHistory[],
  wanted: string,
  store: HistoryStore,
): Promise<History['stories']> {
  const stories: History['stories'][number][] = [];
  for (const { target, reports, items } of targets) {
    const item = items.find(({ id, name }) => id === wanted || name === wanted);
    const first = reports[item?.states.findIndex((state) => state !== null) ?? -1];
    if (item === undefined || first === undefined) continue;
    const points: History['stories'][number]['points'][number][] = [];
    const start = { at: first.startedAt, report: first.name, to: item.flips[0]?.from ?? item.state };
    for (const { at, report, to, ...flip } of [start, ...item.flips])
      points.push({
        at,
        report,
        ...('from' in flip ? { from: flip.from } : {}),
        to,
        ...evidenceFor(await store.read(report), item.id),
      });
    stories.push({ target, item: item.id, title: item.title, points });
  }
  if (stories.length > 0) return stories;
  const names = targets.flatMap(({ items }) => items.flatMap(({ id, name }) => [id, name]));
  const near = nearest(wanted, names);
  throw new UserError(`No stored report has an item ${wanted}.`, {
    hint: near === undefined ? 'Without --item all of them are told.' : `Did you mean ${near}?`,
  });
}
