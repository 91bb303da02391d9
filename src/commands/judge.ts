import { SECTIONS } from '../checklist/index.ts';
import { CHECKS } from '../checks/index.ts';
import { compareWithBaseline } from '../core/baseline.ts';
import type { Check } from '../core/check.ts';
import { checksOf } from '../core/checklist.ts';
import { UserError } from '../core/errors.ts';
import type { FactName, Snapshot, Source, SourceName } from '../core/facts.ts';
import { ASKED_FOR_BY_OPTION } from '../core/facts-on-request.ts';
import { NO_WAIVERS, waiversOfAnnotations } from '../core/inline-waiver.ts';
import {
  itemizer,
  REPORT_SCHEMA,
  type Report,
  type ReportFinding,
  summarize,
  timelinesOf,
  toFindings,
  toReportSource,
} from '../core/report.ts';
import { checksFor, judgeChecks, selectChecks, wantedFacts } from '../core/run-checks.ts';
import { applySeverities, applyWaivers, tellUnread } from '../core/waiver.ts';
import { APPLICATION_FACTS, type Attribution, attribute } from './applications.ts';
import { type ApplicationChoice, isChosen } from './choose-applications.ts';
import { describeRoles } from './describe-roles.ts';
import type { Io } from './io.ts';
import { noSuchCheck } from './no-such-check.ts';
import type { CommonOptions } from './options.ts';
import type { Policy } from './policy.ts';
import { referenceGraphsOf } from './reference-graphs.ts';
import { reportApplications } from './report-applications.ts';
import { commandsFor, withCommands } from './show-findings.ts';
import { signedChecklist } from './signed-checklist.ts';
import { type Told, tell } from './tell.ts';
import { VERSION } from './version.ts';

/** The checks that a person asked for, with --only and --skip. */
export function chosenChecks({ only, skip }: Pick<CommonOptions, 'only' | 'skip'>): readonly Check[] {
  const items = SECTIONS.flatMap((section) => section.items);
  const itemsOf = ({ id }: Check) =>
    items.filter((item) => checksOf(item).includes(id)).flatMap((item) => [item.id, item.name]);
  const { checks, unmatched } = selectChecks(CHECKS, { only, skip }, itemsOf);
  if (unmatched[0] !== undefined) throw noSuchCheck(unmatched[0]);
  if (checks.length === 0)
    throw new UserError('--only and --skip together leave no check to run.', { hint: 'Take one of them away.' });
  return checks;
}

/** Lets a source observe what the chosen checks need, with what tells what belongs to a chosen application, and no more. */
export function observe(
  source: Source,
  checks: readonly Check[],
  signal: AbortSignal,
  choice: ApplicationChoice = { apps: [] },
): Promise<Snapshot> {
  const fed = checksFor(checks, source);
  if (fed.length === 0)
    throw new UserError(`None of the chosen checks can be answered by ${source.name}.`, {
      hint: 'Choose others with --only.',
    });
  return source.collect(factsFor(source, fed, choice), signal);
}

/** What checks need of a source, and what it takes to tell one application from another. */
export function factsFor(
  { provides }: Pick<Source, 'provides'>,
  fed: readonly Check[],
  choice: ApplicationChoice,
): ReadonlySet<FactName> {
  const applications = isChosen(choice) ? APPLICATION_FACTS.filter((fact) => provides.includes(fact)) : [];
  return new Set([...wantedFacts(fed), ...applications]);
}

/** What one run of a judging command has gathered. */
export interface Run {
  readonly command: string;
  readonly checks: readonly Check[];
  readonly snapshots: readonly Snapshot[];
  /** Reports of earlier runs, which join this one as they are. */
  readonly saved?: readonly Report[];
  readonly startedAt: Date;
  /** Lets some of the findings count no more, where a person wants to hear only of some. */
  readonly narrow?: (findings: readonly ReportFinding[]) => Promise<readonly ReportFinding[]>;
}

/** Judges what was gathered, tells it, and returns the exit code. */
export async function conclude(
  run: Run,
  options: CommonOptions,
  policy: Policy,
  io: Io,
  telling: typeof tell = tell,
): Promise<number> {
  return tellJudged(await judgeNarrowed(run, options, policy), options, io, telling);
}

/** Judges what was gathered, lets only some of it count where the run says so, and tells nobody. */
export async function judgeNarrowed(run: Run, options: CommonOptions, policy: Policy): Promise<Judged> {
  if (run.narrow === undefined) return judgeRun(run, options, policy);
  return judgeRun(run, options, policy, await run.narrow(findingsOf(run, policy)));
}

/** Tells what was judged, and returns the exit code. */
export async function tellJudged(
  judged: Judged,
  options: CommonOptions,
  io: Io,
  telling: typeof tell = tell,
): Promise<number> {
  if (judged.gone > 0)
    io.stderr.write(
      `${judged.gone} of the baseline's failures are gone; keep it small: --report json=${options.baseline}.\n`,
    );
  return telling(judged, options, io);
}

export interface Judged extends Told {
  /** How many of the baseline's failures are there no more. */
  readonly gone: number;
}

/** Judges what was gathered, and tells nobody. */
export function judgeRun(
  run: Run,
  options: CommonOptions,
  policy: Policy,
  judged: readonly ReportFinding[] = findingsOf(run, policy),
): Judged {
  const { findings, gone } =
    policy.baseline === undefined ? { findings: judged, gone: [] } : compareWithBaseline(judged, policy.baseline);
  const attribution = attribute(run.snapshots, policy.settings, options);
  const report = reportOf(run, findings, options, policy, attribution);
  return {
    report,
    graphsOf: () => referenceGraphsOf(run.snapshots, report, isChosen(options)),
    commandOf:
      run.saved === undefined || run.saved.length === 0 ? commandsFor(run.snapshots) : ({ command }) => command,
    gone: gone.length,
  };
}

/** What the checks say of a run, with severities and waivers as the policy has them. */
export function findingsOf(
  { checks, snapshots, saved = [], startedAt }: Run,
  policy: Policy,
): readonly ReportFinding[] {
  const own = toFindings(judgeChecks(checks, snapshots, policy.settings), SECTIONS);
  // A report of an earlier run may be about another cluster, and says itself what it knows: ours say it before they are joined.
  const judged = saved.length === 0 ? own : withCommands(own, commandsFor(snapshots));
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
  { settings, owners, signoffs }: Policy,
  attribution: Attribution | undefined,
): Report {
  const savedSources = saved.flatMap(({ sources }) => sources);
  const sources: readonly SourceName[] = [
    ...snapshots.map(({ source }) => source),
    ...savedSources.map(({ name }) => name),
  ];
  const told = new Set(findings.map(({ check }) => check));
  const asked = checks.filter((check) => told.has(check.id) || isAsked(check, snapshots)).map(({ id }) => id);
  const scope = { sources, checks: new Set(asked), whole: command === 'checklist' };
  const observed = snapshots.map((snapshot) => withAbsent(snapshot, attribution));
  const gaps = [...observed, ...saved.map(unusableOf)];
  const itemsOf = itemizer(SECTIONS, { ...scope, owners });
  const everything = { findings, items: itemsOf(findings) };
  const { whole, applications } =
    attribution === undefined
      ? { whole: everything, applications: undefined }
      : reportApplications(attribution, everything, itemsOf, gaps, options);
  const graphs = saved.flatMap((report) => report.graphs ?? []);
  const signed = signedChecklist(whole, applications ?? [], signoffs ?? [], startedAt);
  const timelines = [...timelinesOf(snapshots), ...saved.flatMap((report) => report.timelines ?? [])];
  return {
    $schema: REPORT_SCHEMA,
    tool: { name: 'qna-ready', version: VERSION },
    command,
    startedAt: startedAt.toISOString(),
    sources: [...observed.map(toReportSource), ...savedSources],
    roles: [
      ...snapshots.flatMap((snapshot) => describeRoles(snapshot, settings, attribution)),
      ...saved.flatMap(({ roles }) => roles),
    ],
    summary: summarize(signed.findings, signed.items, gaps, options, signed.answered),
    findings: signed.findings,
    items: signed.items,
    ...(applications === undefined ? {} : { applications }),
    ...(timelines.length === 0 ? {} : { timelines }),
    ...(graphs.length === 0 ? {} : { graphs }),
  };
}

/** A chosen application that a snapshot lacks was not seen in it. */
function withAbsent(snapshot: Snapshot, attribution: Attribution | undefined): Snapshot {
  const absent = (attribution?.absent ?? []).filter((one) => one.snapshot === snapshot);
  return absent.length === 0
    ? snapshot
    : { ...snapshot, notSeen: [...snapshot.notSeen, ...absent.map(({ what, reason }) => ({ what, reason }))] };
}

/**
 * A question that takes something beside its source is not open where nobody gave that: without files to compare with, drift is
 * no gap of the review, and without an order to stop neither is the drain.
 */
function isAsked(check: Check, snapshots: readonly Snapshot[]): boolean {
  const onRequest = check.needs.filter((fact) => ASKED_FOR_BY_OPTION.has(fact));
  return onRequest.every((fact) => snapshots.some(({ facts }) => facts[fact] !== undefined));
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
