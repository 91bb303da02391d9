import { SECTIONS } from '../checklist/index.ts';
import { CHECKS } from '../checks/index.ts';
import type { Check } from '../core/check.ts';
import { checksOf } from '../core/checklist.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot, Source, SourceName } from '../core/facts.ts';
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
import { applySeverities, applyWaivers } from '../core/waiver.ts';
import type { Configuration } from '../sources/configuration/read-configuration.ts';
import { describeRoles } from './describe-roles.ts';
import { nearest } from './nearest.ts';
import type { CommonOptions } from './options.ts';

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

/** Judges snapshots and tells it as a report. Saved reports join it as they are. */
export function judge(
  run: {
    readonly command: string;
    readonly checks: readonly Check[];
    readonly snapshots: readonly Snapshot[];
    readonly saved?: readonly Report[];
    readonly startedAt: Date;
  },
  options: CommonOptions,
  configuration: Configuration,
): Report {
  const { settings, waivers, severities } = configuration;
  const judged = toFindings(runChecks(run.checks, run.snapshots, settings), SECTIONS);
  const saved = (run.saved ?? []).flatMap(({ findings }) => findings);
  const weighed = applySeverities(uniqueIds([...judged, ...saved]), severities);
  const { findings } = applyWaivers(weighed, waivers, run.startedAt);
  const sources: readonly SourceName[] = [
    ...run.snapshots.map(({ source }) => source),
    ...(run.saved ?? []).flatMap((report) => report.sources.map(({ name }) => name)),
  ];
  const items = toItems(SECTIONS, findings, {
    sources,
    checks: new Set(run.checks.map(({ id }) => id)),
    whole: run.command === 'checklist',
  });
  const savedSources = (run.saved ?? []).flatMap((report) => report.sources);
  return {
    $schema: REPORT_SCHEMA,
    tool: { name: 'qna-ready', version: VERSION },
    command: run.command,
    startedAt: run.startedAt.toISOString(),
    sources: [...run.snapshots.map(toReportSource), ...savedSources],
    roles: [
      ...run.snapshots.flatMap((snapshot) => describeRoles(snapshot, settings)),
      ...(run.saved ?? []).flatMap(({ roles }) => roles),
    ],
    summary: summarize(findings, items, [...run.snapshots, ...(run.saved ?? []).map(unusableOf)], options),
    items,
    findings,
  };
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
