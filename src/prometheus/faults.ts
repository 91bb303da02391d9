/**
 * What Prometheus 3 makes of a page with the fault: it refuses the whole scrape, stores data that mean something else than
 * the service meant, or takes it although the format does not allow it.
 */
export type FaultEffect = 'refused' | 'misread' | 'tolerated';

/** Every fault that a page of metrics can have, with its effect. */
export const FAULT_EFFECTS = {
  // The grammar of a line.
  'not-an-exposition': 'refused',
  'invalid-metric-name': 'refused',
  'invalid-label-name': 'refused',
  'reserved-label-name': 'refused',
  'duplicate-label': 'refused',
  'missing-equals': 'refused',
  'missing-quote': 'refused',
  'unterminated-label-value': 'refused',
  'unterminated-labels': 'refused',
  'missing-comma': 'refused',
  'invalid-escape': 'tolerated',
  'missing-value': 'refused',
  'invalid-value': 'refused',
  'invalid-timestamp': 'refused',
  'text-after-sample': 'refused',
  'trailing-blank': 'tolerated',
  'carriage-return': 'refused',
  'missing-final-newline': 'tolerated',
  'not-utf-8': 'refused',
  'exemplar-in-text': 'refused',
  // The lines about a family.
  'unknown-type': 'refused',
  'missing-type': 'refused',
  'second-type': 'misread',
  'second-help': 'tolerated',
  'type-after-samples': 'misread',
  // OpenMetrics.
  'missing-eof': 'refused',
  'text-after-eof': 'refused',
  'blank-line': 'refused',
  'unexpected-comment': 'refused',
  'incomplete-metadata': 'refused',
  'second-unit': 'tolerated',
  'unit-not-in-name': 'refused',
  'suffix-not-of-type': 'tolerated',
  'exemplar-misplaced': 'refused',
  'exemplar-too-long': 'tolerated',
  'invalid-state': 'tolerated',
  // The structure of a page whose lines are all well-formed.
  'empty-page': 'misread',
  'split-family': 'tolerated',
  'duplicate-series': 'misread',
  'negative-counter': 'misread',
  'counter-not-a-number': 'misread',
  'reserved-name': 'misread',
  'explicit-timestamp': 'tolerated',
  'personal-label': 'misread',
  'bucket-without-bound': 'misread',
  'invalid-bucket-bound': 'misread',
  'buckets-out-of-order': 'tolerated',
  'buckets-not-cumulative': 'misread',
  'missing-infinite-bucket': 'misread',
  'infinite-bucket-differs': 'misread',
  'missing-count': 'misread',
  'missing-sum': 'misread',
  'invalid-quantile': 'misread',
} as const satisfies Readonly<Record<string, FaultEffect>>;

export type FaultCode = keyof typeof FAULT_EFFECTS;

export interface Fault {
  readonly code: FaultCode;
  /** Both count from 1; the column counts UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** One sentence. */
  readonly message: string;
}

/** A page with more faults than this is broken as a whole, and a longer list helps nobody. */
export const FAULT_LIMIT = 100;

/** Faults as they are found, up to the limit. */
export interface FaultList {
  readonly faults: Fault[];
  leftOut: number;
}

export function addFault(list: FaultList, code: FaultCode, line: number, column: number, message: string): void {
  if (list.faults.length >= FAULT_LIMIT) list.leftOut++;
  else list.faults.push({ code, line, column, message });
}

/** A part of the page as it can be shown in a sentence. */
export function excerpt(text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(shown);
}
