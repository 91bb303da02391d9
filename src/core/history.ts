import type { ItemState } from './checklist.ts';
import type { Report, ReportFinding, ReportVerdict } from './report.ts';

/** The version of the shape of a told history; a change that breaks a reader makes a new one. */
export const HISTORY_SCHEMA = 'https://qna-ready.github.io/schemas/history/v1';

/** What a history keeps of a stored report in memory: no finding, since there are thousands of reports. */
export interface HistoryEntry {
  /** How the store knows the report: a file below its folder, or a name made of time, verdict and hash. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Every source with what it looked at. Reports of different targets are never put in one row. */
  readonly target: string;
  readonly verdict: ReportVerdict;
  readonly toolVersion: string;
  readonly items: readonly HistoryItem[];
}

export interface HistoryItem {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly section: string;
  readonly state: ItemState;
}

export interface Trend<State extends string> {
  /** From the oldest to the newest report; null where a report does not have the item. */
  readonly states: readonly (State | null)[];
  readonly state: State;
  /** When it was first seen in the state that it has now, ISO 8601. */
  readonly since: string;
  /** To the newest report that has it. */
  readonly forSeconds: number;
  /** How many of the newest reports agree on it. */
  readonly reports: number;
  /** Every change of state, oldest first. */
  readonly flips: readonly Flip<State>[];
}

export interface Flip<State extends string> {
  readonly from: State;
  readonly to: State;
  /** When the new state was first seen, and the report that saw it. */
  readonly at: string;
  readonly report: string;
  /** The report before, which saw the old state last. */
  readonly before: string;
}

export interface ItemTrend extends Trend<ItemState>, Omit<HistoryItem, 'state'> {}

export interface TargetHistory {
  readonly target: string;
  readonly reports: readonly {
    readonly name: string;
    readonly startedAt: string;
    readonly verdict: ReportVerdict;
    readonly toolVersion: string;
  }[];
  readonly verdict: Trend<ReportVerdict>;
  /** Since when the whole is ready; absent where it is not. */
  readonly readySince?: string;
  readonly items: readonly ItemTrend[];
}

/** One point of an item's story: the first report, and each that saw another state. */
export interface StoryPoint {
  readonly at: string;
  readonly report: string;
  readonly from?: ItemState;
  readonly to: ItemState;
  /** The findings of the item that decide its state: what fails, else what is unknown, else what passed. */
  readonly evidence: readonly ReportFinding[];
  /** What would prove the item, where nothing did. */
  readonly missing?: string;
}

export interface History {
  readonly $schema: typeof HISTORY_SCHEMA;
  /** The folder or the database, without its password. */
  readonly store: string;
  readonly targets: readonly TargetHistory[];
  /** Of one item, where it was asked for: its story in each target. */
  readonly stories: readonly {
    readonly target: string;
    readonly item: string;
    readonly title: string;
    readonly points: readonly StoryPoint[];
  }[];
  /** What is stored and could not be read, a sentence each. */
  readonly unreadable: readonly string[];
}

/** What a history keeps of a report. */
export function historyEntry(name: string, report: Report): HistoryEntry {
  return {
    name,
    startedAt: report.startedAt,
    target: targetOf(report),
    verdict: report.summary.verdict,
    toolVersion: report.tool.version,
    items: report.items.map(({ id, name: word, title, section, state }) => ({ id, name: word, title, section, state })),
  };
}

/** `cluster context staging; endpoint https://qna.example.com`: the same whatever order the sources came in. */
export function targetOf({ sources }: Pick<Report, 'sources'>): string {
  return [...new Set(sources.map(({ name, target }) => `${name} ${target}`))].toSorted().join('; ');
}

/** What decides an item's state in a report. */
export function evidenceFor(report: Report, itemId: string): Pick<StoryPoint, 'evidence' | 'missing'> {
  const item = report.items.find(({ id }) => id === itemId);
  const ids = new Set(item?.findings);
  const own = report.findings.filter(({ id }) => ids.has(id));
  const ranks: readonly ReportFinding['outcome'][] = ['fail', 'unknown', 'waived', 'pass', 'not-applicable'];
  const decisive = ranks.map((rank) => own.filter(({ outcome }) => outcome === rank)).find((all) => all.length > 0);
  return { evidence: decisive ?? [], ...(item?.missing === undefined ? {} : { missing: item.missing }) };
}
