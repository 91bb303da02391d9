import { formatLocation } from '../core/location.ts';
import type { ReportFinding } from '../core/report.ts';

/** Findings by their ids, as one judgement leaves them to be compared with the next. */
export type OpenFindings = ReadonlyMap<string, ReportFinding>;

export function openFindings(findings: readonly ReportFinding[]): OpenFindings {
  return new Map(findings.map((finding) => [finding.id, finding]));
}

/** A line for each finding that is new (`+`) or gone (`-`) since the last judgement; `when` is put before what it says. */
export function changesBetween(before: OpenFindings, now: OpenFindings, when = ''): readonly string[] {
  const line = (mark: string, { outcome, severity, check, subject, message, where }: ReportFinding) =>
    `${mark} ${when}${outcome === 'fail' ? severity : outcome} ${check} ${subject}: ${message}${where === undefined ? '' : ` ${formatLocation(where)}`}`;
  const lacks = (others: OpenFindings, { id, outcome }: ReportFinding) => others.get(id)?.outcome !== outcome;
  return [
    ...[...now.values()].filter((finding) => lacks(before, finding)).map((finding) => line('+', finding)),
    ...[...before.values()].filter((finding) => lacks(now, finding)).map((finding) => line('-', finding)),
  ];
}

/** `1 failure`, `3 items`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
