import type { Report, ReportFinding } from './report.ts';

export interface Compared {
  readonly findings: readonly ReportFinding[];
  /** Failures of the baseline that are gone, by id: it could be saved anew. */
  readonly gone: readonly string[];
}

/**
 * Lets only new failures count: one that the baseline has too is waived. What is unknown stays unknown, since nobody could have
 * accepted what nobody saw.
 */
export function compareWithBaseline(findings: readonly ReportFinding[], baseline: Report): Compared {
  const known = new Set(baseline.findings.filter(isKnown).map(({ id }) => id));
  const reason = `It is in the baseline of ${baseline.startedAt.slice(0, 10)}.`;
  const open = new Set(findings.filter(({ outcome }) => outcome !== 'pass').map(({ id }) => id));
  return {
    findings: findings.map((finding) =>
      finding.outcome === 'fail' && known.has(finding.id)
        ? { ...finding, outcome: 'waived', waiver: { reason, owner: 'the baseline' } }
        : finding,
    ),
    gone: [...known].filter((id) => !open.has(id)),
  };
}

/** Also what a baseline before it knew: saving a report anew forgets nothing that still fails. */
function isKnown({ outcome, waiver }: ReportFinding): boolean {
  return outcome === 'fail' || (waiver !== undefined && waiver.expires === undefined);
}
