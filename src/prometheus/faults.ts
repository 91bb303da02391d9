import type { FaultCode } from './fault-meanings.ts';

export interface Fault {
  readonly code: FaultCode;
  /** Both count from 1; the column counts UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** One sentence. */
  readonly message: string;
}

/** Where a line stops being well-formed; `at` counts from the start of the text that is being read. */
export interface LineFault {
  readonly code: FaultCode;
  readonly at: number;
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
