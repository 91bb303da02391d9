import type { HistoryEntry } from '../../core/history.ts';
import type { Report } from '../../core/report.ts';

/** A stored report, or the sentence that says why it cannot be read. */
export type Stored = { readonly entry: HistoryEntry } | { readonly name: string; readonly unreadable: string };

/** Where reports are kept. Everything that a person can mend is a UserError, and none of them tells a password. */
export interface HistoryStore {
  /** The folder or the database, as it can be shown. */
  readonly shownAs: string;
  /** Files a report under its time and target. The same report twice is stored once. */
  add(report: Report): Promise<{ readonly name: string; readonly isNew: boolean }>;
  /** One after the other, so that thousands of them are never in memory at once. */
  entries(): AsyncIterable<Stored>;
  /** A whole report, by the name that its entry has. */
  read(name: string): Promise<Report>;
  /** Takes away what is older, and says how many reports that were. */
  prune(before: Date): Promise<number>;
  close(): Promise<void>;
}
