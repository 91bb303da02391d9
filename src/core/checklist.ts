import type { SourceName } from './facts.ts';
import type { ReportFinding } from './report.ts';

/** A part of the readiness review. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly items: readonly Item[];
}

/** One line that a person signs. Its id never changes and is never used again for another. */
export interface Item {
  /** Such as `4.1`. */
  readonly id: string;
  /** Such as `pvc`. */
  readonly name: string;
  /** What must hold, as a sentence. */
  readonly title: string;
  /** The checks that prove it, by the source that can feed them. */
  readonly provenBy: { readonly [S in SourceName]?: readonly string[] };
  /** The question to a person, where no check can prove the item. */
  readonly manual?: string;
}

export const ITEM_STATES = ['done', 'todo', 'unknown', 'manual', 'not-applicable'] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** All checks that prove an item, whatever the source. */
export function checksOf(item: Item): readonly string[] {
  return [...new Set(Object.values(item.provenBy).flat())];
}

/** The sources that could prove an item. */
export function sourcesOf(item: Item): readonly SourceName[] {
  return (Object.keys(item.provenBy) as SourceName[]).filter((source) => (item.provenBy[source]?.length ?? 0) > 0);
}

/**
 * An item's state from the findings of its checks. A failure that is only a note leaves the item done; anything that was
 * not seen leaves it unknown; only what was judged and held makes it done.
 */
export function stateOf(item: Item, findings: readonly ReportFinding[]): ItemState {
  if (findings.some(({ outcome, severity }) => outcome === 'fail' && severity !== 'note')) return 'todo';
  if (findings.some(({ outcome }) => outcome === 'unknown')) return 'unknown';
  if (findings.some(({ outcome }) => outcome === 'pass' || outcome === 'waived' || outcome === 'fail')) return 'done';
  if (findings.length > 0) return 'not-applicable';
  return item.manual === undefined ? 'unknown' : 'manual';
}
