import { SECTIONS } from '../checklist/index.ts';
import { CHECKS } from '../checks/index.ts';
import { compareWithBaseline } from '../core/baseline.ts';
import type { Check } from '../core/check.ts';
import { checksOf } from '../core/checklist.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot, Source, SourceName } from '../core/facts.ts';
import { NO_WAIVERS, waiversOfAnnotations } from '../core/inline-waiver.ts';
import { nearest } from '../core/nearest.ts';
import {
  REPORT_SCHEMA,
  type Report,
  type ReportFinding,
  summarize,
  toFindings,
  toItems,
  toReportSource,
} from '../core/report.ts';
import { checksFor, runChecks, selectChecks, wantedFacts } from '../core/run-checks.ts';
import { applySeverities, applyWaivers, tellUnread } from '../core/waiver.ts';
import { describeRoles } from './describe-roles.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import type { Policy } from './policy.ts';
import { tell } from './tell.ts';
import { VERSION } from './version.ts';

/** The checks that a person asked for, with --only and --skip. */
export function chosenChecks({ only, skip }: Pick<CommonOptions, 'only' | 'skip'>): readonly Check[] {
  const items = SECTIONS.flatMap((section) => section.items);
  const itemsOf = ({ id }: Check) =>
    items.filter((item) => checksOf(item).includes(id)).flatMap((item) => [item.id, item.name]);
  const { checks, unmatched } = selectChecks(CHECKS, { only, skip }, itemsOf);
  if (unmatched[0] !== undefined) {
    const names = [
      ...CHECKS.flatMap((check) => [check.id, ...itemsOf(check)]),
      ...CHECKS.map(({ id }) => id.split('/')[0] ?? ''),
    ];
    const near = nearest(unmatched[0], names);
    throw new UserError(`No check, topic or item is called ${unmatched[0]}.`, {
      hint: near === undefined ? 'List them with: qna-ready explain.' : `Did you mean ${near}?`,
    });
  }
  if (checks.length === 0)
    throw new UserError('--only and --skip together leave no check to run.', { hint: 'Take one of them away.' });
  return checks;
}

/** Lets a source observe what the chosen checks need, and no more. */
export function observe(source: Source, checks: readonly Check[], signal: AbortSignal): Promise<Snapshot> {
  const fed = checksFor(checks, source);
  if (fed.length === 0)
    throw new UserError(`None of the chosen checks can be answered by ${source.name}.`, {
      hint: 'Choose others with --only.',
    });
  return source.collect(wantedFacts(fed), signal);
}

/** What one run of a judging command has gathered. */
export interface Run {
  readonly command: string;
  readonly checks: readonly Check[];
  readonly snapshots: readonly Snapshot[];
  /** Reports of earlier runs, which join this one as they are. */
  readonly saved?: readonly Report[];
  readonly startedAt: Date;
}

/** Judges what was gathered, tells it, and returns the exit code. */
export async function conclude(run: Run, options: CommonOptions, policy: Policy, io: Io): Promise<number> {
  const judged = findingsOf(run, policy);
  const { findings, gone } =
    policy.baseline === undefined ? { findings: judged, gone: [] } : compareWithBaseline(judged, policy.baseline);
  if (gone.length > 0)
    io.stderr.write(
      `${gone.length} of the baseline's failures are gone; keep it small: --report json=${options.baseline}.\n`,
    );
  return tell(reportOf(run, findings, options, policy), options, io);
}

/** What the checks say of a run, with severities and waivers as the policy has them. */
export function findingsOf(
  { checks, snapshots, saved = [], startedAt }: Run,
  policy: Policy,
): readonly ReportFinding[] {
  const judged = toFindings(runChecks(checks, snapshots, policy.settings), SECTIONS);
  const all = saved.length === 0 ? judged : uniqueIds([...judged, ...saved.flatMap(({ findings }) => findings)]);
  const inline = snapshots.flatMap((snapshot) => [snapshot.comments ?? NO_WAIVERS, waiversOfAnnotations(snapshot)]);
  const waivers = [...policy.waivers, ...inline.flatMap((found) => found.waivers)];
  const judgedAgain = applyWaivers(applySeverities(all, policy.severities), waivers, startedAt, (id) =>
    CHECKS.some((check) => check.id === id),
  );
  return [...judgedAgain, ...tellUnread(inline.flatMap(({ unread }) => unread))];
}

function reportOf(
  { command, checks, snapshots, saved = [], startedAt }: Run,
  findings: readonly ReportFinding[],
  options: CommonOptions,
  { settings }: Policy,
): Report {
  const savedSources = saved.flatMap(({ sources }) => sources);
  const sources: readonly SourceName[] = [
    ...snapshots.map(({ source }) => source),
    ...savedSources.map(({ name }) => name),
  ];
  const items = toItems(SECTIONS, findings, {
    sources,
    checks: new Set(checks.filter((check) => isAsked(check, snapshots, findings)).map(({ id }) => id)),
    whole: command === 'checklist',
  });
  return {
    $schema: REPORT_SCHEMA,
    tool: { name: 'qna-ready', version: VERSION },
    command,
    startedAt: startedAt.toISOString(),
    sources: [...snapshots.map(toReportSource), ...savedSources],
    roles: [
      ...snapshots.flatMap((snapshot) => describeRoles(snapshot, settings)),
      ...saved.flatMap(({ roles }) => roles),
    ],
    summary: summarize(findings, items, [...snapshots, ...saved.map(unusableOf)], options),
    items,
    findings,
  };
}

/**
 * A question that takes something beside its source is not open where nobody gave that: without files to compare with, drift is
 * no gap of the review.
 */
function isAsked(check: Check, snapshots: readonly Snapshot[], findings: readonly ReportFinding[]): boolean {
  return (
    !check.needs.includes('drift') ||
    snapshots.some(({ facts }) => facts.drift !== undefined) ||
    findings.some((finding) => finding.check === check.id)
  );
}

/** A saved report whose own input was unreadable stays so in any sum of reports. */
function unusableOf({ summary, sources }: Report): Pick<Snapshot, 'notSeen'> {
  return {
    notSeen: sources.flatMap(({ notSeen }) => notSeen.map((gap) => ({ ...gap, unusable: summary.exitCode === 2 }))),
  };
}

function uniqueIds(findings: readonly ReportFinding[]): readonly ReportFinding[] {
  const taken = new Map<string, number>();
  return findings.map((finding) => {
    const nth = (taken.get(finding.id) ?? 0) + 1;
    taken.set(finding.id, nth);
    return nth === 1 ? finding : { ...finding, id: `${finding.id}~${nth}` };
  });
}
