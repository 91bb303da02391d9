import { atLeast } from './check.ts';
import type { ReportFinding } from './report.ts';

/** What the checks said of the same files at an earlier state of them. */
export interface EarlierState {
  /** What it is called: `origin/main (1a2b3c4d)`. */
  readonly name: string;
  readonly findings: readonly ReportFinding[];
  /** The subject of a finding of either state, the same for both where a file has only moved. */
  subjectOf(finding: ReportFinding, state: 'now' | 'then'): string;
  /** Whether a file is not as it was, as findings of today name it. */
  isChanged(file: string): boolean;
}

/**
 * Lets only that count of files which the earlier state lacks. A failure that it has too is waived. What could not be known then
 * either, for the same reason, stays unknown and becomes a note, which holds up nobody. A failure is known by its check, its
 * subject and its words. Where only the words differ it is the same one, unless it lies in a file that has changed: there one
 * fault can have taken the place of another.
 */
export function countOnlyNew(findings: readonly ReportFinding[], earlier: EarlierState): readonly ReportFinding[] {
  const keyOf = (finding: ReportFinding, state: 'now' | 'then') =>
    `${finding.check}\n${earlier.subjectOf(finding, state)}`;
  const then = Map.groupBy(earlier.findings.filter(counts), (finding) => keyOf(finding, 'then'));
  const left = new Map<string, ReportFinding[]>([...then].map(([key, group]) => [key, [...group]]));
  const take = (finding: ReportFinding, fits: (candidate: ReportFinding) => boolean): boolean => {
    const group = left.get(keyOf(finding, 'now')) ?? [];
    const index = group.findIndex(
      (candidate) =>
        candidate.outcome === finding.outcome && atLeast(candidate.severity, finding.severity) && fits(candidate),
    );
    if (index !== -1) group.splice(index, 1);
    return index !== -1;
  };
  const now = findings.filter(counts);
  const known = new Set(now.filter((finding) => take(finding, ({ message }) => message === finding.message)));
  for (const finding of now)
    if (finding.outcome === 'fail' && !known.has(finding) && !liesInChangedFile(finding, earlier))
      if (take(finding, () => true)) known.add(finding);
  const waiver = { reason: `It is the same at ${earlier.name}.`, owner: 'the state before' };
  return findings.map((finding) => {
    if (!known.has(finding)) return finding;
    return finding.outcome === 'fail'
      ? { ...finding, outcome: 'waived', waiver }
      : { ...finding, severity: 'note', message: `${finding.message} It is the same at ${earlier.name}.` };
  });
}

/** Whether a finding can hold up a change to files: what a cluster or an endpoint says has no earlier state in a repository. */
export function counts({ outcome, source, severity }: ReportFinding): boolean {
  return source === 'files' && (outcome === 'fail' || (outcome === 'unknown' && severity !== 'note'));
}

function liesInChangedFile({ where }: ReportFinding, { isChanged }: EarlierState): boolean {
  return where !== undefined && 'file' in where && isChanged(where.file);
}
