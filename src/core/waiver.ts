import type { Severity } from './check.ts';
import type { ReportFinding } from './report.ts';

/** A failure that somebody has accepted, with a reason, until a date. */
export interface Waiver {
  /** A check's id. */
  readonly check: string;
  /** The subject, exactly as the finding names it; all subjects of the check where absent. */
  readonly subject?: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds, `YYYY-MM-DD`, in UTC. */
  readonly expires: string;
}

/** What became of the waivers: the findings after them, and each waiver that is of no use any more. */
export interface WaiverResult {
  readonly findings: readonly ReportFinding[];
  readonly expired: readonly Waiver[];
  readonly unused: readonly Waiver[];
}

export function applyWaivers(findings: readonly ReportFinding[], waivers: readonly Waiver[], now: Date): WaiverResult {
  const today = now.toISOString().slice(0, 10);
  const current = waivers.filter(({ expires }) => expires >= today);
  const used = new Set<Waiver>();
  const waived = findings.map((finding) => {
    const waiver = finding.outcome === 'fail' ? current.find((candidate) => matches(candidate, finding)) : undefined;
    if (waiver === undefined) return finding;
    used.add(waiver);
    return {
      ...finding,
      outcome: 'waived' as const,
      waiver: { reason: waiver.reason, owner: waiver.owner, expires: waiver.expires },
    };
  });
  return {
    findings: waived,
    expired: waivers.filter((waiver) => !current.includes(waiver)),
    unused: current.filter((waiver) => !used.has(waiver)),
  };
}

/** Applies the owner's own severities, by check. */
export function applySeverities(
  findings: readonly ReportFinding[],
  severities: Readonly<Record<string, Severity>>,
): readonly ReportFinding[] {
  return findings.map((finding) => ({ ...finding, severity: severities[finding.check] ?? finding.severity }));
}

function matches(waiver: Waiver, finding: ReportFinding): boolean {
  return waiver.check === finding.check && (waiver.subject === undefined || waiver.subject === finding.subject);
}
