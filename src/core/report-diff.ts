import type { ItemState } from './checklist.ts';
import type { OneSided } from './pair-findings.ts';
import type { ExitCode, Report, ReportFinding, ReportSource, ReportVerdict } from './report.ts';

/** The version of the shape of a told difference; a change that breaks a reader makes a new one. */
export const DIFF_SCHEMA = 'https://qna-ready.github.io/schemas/diff/v1';

/** What became of a finding. The first two are each other's mirror, and so are the next two, and the two after them. */
export const CHANGE_KINDS = [
  'failed',
  'mended',
  'became-unknown',
  'became-seen',
  'waived',
  'no-longer-waived',
  'severity',
  'message',
  'outcome',
  'moved',
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What that means for whoever answers for the service. */
export type Effect = 'worse' | 'unseen' | 'better' | 'none';

export interface FindingChange {
  readonly kind: ChangeKind;
  readonly effect: Effect;
  readonly check: string;
  readonly item: string;
  readonly source: ReportFinding['source'];
  readonly subject: string;
  /** Absent where the earlier report says nothing of the subject, or saw nothing of it. */
  readonly before?: ReportFinding;
  readonly after?: ReportFinding;
}

export interface ItemFlip {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly section: string;
  /** Absent where only one of the reports has the item. */
  readonly before?: ItemState;
  readonly after?: ItemState;
  /** The findings responsible: those that changed, and those of checks that only one report answers. Ids of either report. */
  readonly because: readonly string[];
}

/** A report without its findings. */
export interface ReportHead {
  /** How a person gave it. */
  readonly name: string;
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly toolVersion: string;
  readonly verdict: ReportVerdict;
  readonly exitCode: ExitCode;
  readonly sources: readonly Pick<ReportSource, 'name' | 'target' | 'recordedAt' | 'detected'>[];
}

/** Something that a source could not see in only one of the reports. */
export interface GapChange {
  readonly source: ReportSource['name'];
  readonly what: string;
  readonly reason: string;
  readonly openedOrClosed: 'opened' | 'closed';
}

export interface ReportDiff {
  readonly $schema: typeof DIFF_SCHEMA;
  readonly before: ReportHead;
  readonly after: ReportHead;
  readonly summary: {
    readonly worse: number;
    readonly unseen: number;
    readonly better: number;
    /** Items whose state is another one. */
    readonly items: number;
    readonly exitCode: 0 | 1 | 3;
  };
  /** What makes the two reports hard to compare: another target, another version. Whole sentences. */
  readonly cautions: readonly string[];
  readonly items: readonly ItemFlip[];
  readonly changes: readonly FindingChange[];
  readonly oneSided: readonly OneSided[];
  readonly objects: { readonly new: readonly string[]; readonly gone: readonly string[] };
  readonly gaps: readonly GapChange[];
}

export interface NamedReport {
  readonly name: string;
  readonly report: Report;
}
