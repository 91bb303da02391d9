import type { ItemState } from './checklist.ts';
import type { Flip, HistoryEntry, HistoryItem, ItemTrend, TargetHistory, Trend } from './history.ts';

/** What one report says at one time; null where it says nothing. */
export interface StateAt<State extends string> {
  readonly at: string;
  readonly report: string;
  readonly state: State | null;
}

/** The trend of a row of states, oldest first; undefined where no report says anything. A silent report is no flip. */
export function trendOf<State extends string>(row: readonly StateAt<State>[]): Trend<State> | undefined {
  const flips: Flip<State>[] = [];
  let last: (StateAt<State> & { readonly state: State }) | undefined;
  let since = '';
  let reports = 0;
  for (const one of row) {
    const { at, report, state } = one;
    if (state === null) continue;
    if (last === undefined || last.state !== state) {
      if (last !== undefined) flips.push({ from: last.state, to: state, at, report, before: last.report });
      since = at;
      reports = 0;
    }
    reports += 1;
    last = { ...one, state };
  }
  if (last === undefined) return undefined;
  return {
    states: row.map(({ state }) => state),
    state: last.state,
    since,
    forSeconds: Math.max(0, Math.round((Date.parse(last.at) - Date.parse(since)) / 1000)),
    reports,
    flips,
  };
}

/** The history of each target, in the order of their names; entries can come in any order. */
export function historiesOf(entries: readonly HistoryEntry[]): readonly TargetHistory[] {
  return [...Map.groupBy(entries, ({ target }) => target)]
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .flatMap(([target, own]) => historyOf(target, own.toSorted(byTime)));
}

function byTime(a: HistoryEntry, b: HistoryEntry): number {
  return Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

function historyOf(target: string, entries: readonly HistoryEntry[]): readonly TargetHistory[] {
  const verdict = trendOf(
    entries.map(({ startedAt, name, verdict: state }) => ({ at: startedAt, report: name, state })),
  );
  if (verdict === undefined) return [];
  return [
    {
      target,
      reports: entries.map(({ name, startedAt, verdict: one, toolVersion }) => ({
        name,
        startedAt,
        verdict: one,
        toolVersion,
      })),
      verdict,
      ...(verdict.state === 'ready' ? { readySince: verdict.since } : {}),
      items: itemTrends(entries),
    },
  ];
}

function itemTrends(entries: readonly HistoryEntry[]): readonly ItemTrend[] {
  // Worded as the newest report words it.
  const known = new Map<string, HistoryItem>();
  for (const { items } of entries) for (const item of items) known.set(item.id, item);
  const rows = new Map<string, StateAt<ItemState>[]>([...known.keys()].map((id) => [id, []]));
  for (const { items, startedAt, name } of entries) {
    const states = new Map(items.map(({ id, state }) => [id, state]));
    for (const [id, row] of rows) row.push({ at: startedAt, report: name, state: states.get(id) ?? null });
  }
  return [...known.values()]
    .flatMap(({ id, name, title, section }) => {
      const trend = trendOf(rows.get(id) ?? []);
      return trend === undefined ? [] : [{ id, name, title, section, ...trend }];
    })
    .toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}
