import type { CheckMeta, Severity } from './check.ts';
import { formatLocation, type Location } from './location.ts';
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
  /** Where it is written. */
  readonly where?: Location;
  /** The object that it is written on, as findings name it: it holds for that and its parts. */
  readonly object?: string;
  /** The lines that it is written for, from one. */
  readonly lines?: { readonly file: string; readonly first: number; readonly last: number };
}

/** Judges the waivers themselves. It is no check of a source: it needs what became of all the others. */
export const WAIVERS_CHECK: CheckMeta = {
  id: 'policy/waivers',
  title: 'Every waiver is current, and something still needs it',
  severity: 'warning',
  why: 'A waiver is a promise with a date. One that has expired, or that waives nothing, is a decision that nobody looks at any more, and hides the next failure of the same name.',
  how: 'Each waiver of the configuration, of a comment (`# qna-ready: waive CHECK until DATE by OWNER: REASON`) or of an annotation (`waive.qna-ready.github.io/TOPIC.NAME`) can be read, names a check that exists, has not expired, and matches a failure of this run. One whose check said nothing in this run is not judged.',
  fix: 'Take the waiver away where it is not needed, correct its check and subject, or decide anew and give it a new date.',
  verify:
    'Compare the waivers, in qna-ready.config.yaml and in the manifests, with the failures of a run without them.',
  references: [],
};

/** Waives failures; what a waiver that is of no use says of itself is appended as a finding. */
export function applyWaivers(
  findings: readonly ReportFinding[],
  waivers: readonly Waiver[],
  now: Date,
  isKnownCheck: (id: string) => boolean,
): readonly ReportFinding[] {
  const today = now.toISOString().slice(0, 10);
  const used = new Set<Waiver>();
  const waived = findings.map((finding) => {
    const waiver =
      finding.outcome === 'fail'
        ? waivers.find((candidate) => candidate.expires >= today && matches(candidate, finding))
        : undefined;
    if (waiver === undefined) return finding;
    used.add(waiver);
    return {
      ...finding,
      outcome: 'waived' as const,
      waiver: { reason: waiver.reason, owner: waiver.owner, expires: waiver.expires },
    };
  });
  const judged = waivers.flatMap((waiver, index): readonly ReportFinding[] => {
    const fault = faultOf(waiver);
    return fault === undefined ? [] : [tell(waiver, index, fault)];
  });
  return [...waived, ...judged];

  function faultOf(waiver: Waiver): Fault | undefined {
    const { check, subject, expires } = waiver;
    if (!isKnownCheck(check)) return { message: `There is no check ${check}, so nothing is waived.` };
    if (expires < today)
      return { message: `It expired on ${expires}.`, observed: expires, expected: `${today} or later` };
    const said = findings.filter((finding) => finding.check === check);
    if (used.has(waiver) || said.length === 0) return undefined;
    const failed = said.filter(({ outcome }) => outcome === 'fail');
    if (failed.length === 0) return { message: `Nothing failed ${check} in this run.`, severity: 'note' };
    if (subject === undefined)
      return { message: `Nothing that failed ${check} in this run is what it is written for.`, severity: 'note' };
    return {
      message: `Nothing that failed ${check} is called ${subject}.`,
      observed: failed
        .map((finding) => finding.subject)
        .slice(0, 5)
        .join('; '),
      expected: subject,
    };
  }
}

interface Fault {
  readonly message: string;
  readonly observed?: string;
  readonly expected?: string;
  readonly severity?: Severity;
}

function tell({ check, subject, owner, where, object }: Waiver, index: number, fault: Fault): ReportFinding {
  const forWhat = subject ?? object;
  return {
    id: `${WAIVERS_CHECK.id}@files#${index} ${check} ${forWhat ?? ''}`.trim(),
    check: WAIVERS_CHECK.id,
    item: '',
    source: 'files',
    outcome: 'fail',
    severity: WAIVERS_CHECK.severity,
    subject: `waiver of ${check}${forWhat === undefined ? '' : ` for ${forWhat}`}, owned by ${owner}`,
    ...fault,
    ...(where === undefined ? {} : { where }),
    fix: WAIVERS_CHECK.fix,
  };
}

/** Tells of a comment or an annotation that was meant to waive something and says nothing that can be read. */
export function tellUnread(places: readonly Location[]): readonly ReportFinding[] {
  return places.map((where) => ({
    id: `${WAIVERS_CHECK.id}@files#unread ${formatLocation(where)}`,
    check: WAIVERS_CHECK.id,
    item: '',
    source: 'files',
    outcome: 'fail',
    severity: WAIVERS_CHECK.severity,
    subject: formatLocation(where),
    message: 'This waiver cannot be read, so nothing is waived.',
    expected: 'waive CHECK until YYYY-MM-DD by OWNER: REASON',
    where,
    fix: WAIVERS_CHECK.fix,
  }));
}

/** Applies the owner's own severities, by check. */
export function applySeverities(
  findings: readonly ReportFinding[],
  severities: Readonly<Record<string, Severity>>,
): readonly ReportFinding[] {
  return findings.map((finding) => {
    const severity = severities[finding.check] ?? finding.severity;
    return severity === finding.severity ? finding : { ...finding, severity };
  });
}

function matches({ check, subject, object, lines }: Waiver, finding: ReportFinding): boolean {
  const { where } = finding;
  return (
    check === finding.check &&
    (subject === undefined || subject === finding.subject) &&
    (object === undefined || `${finding.subject} `.startsWith(`${object} `)) &&
    (lines === undefined ||
      (where !== undefined &&
        'file' in where &&
        where.file === lines.file &&
        lines.first <= where.line &&
        where.line <= lines.last))
  );
}
