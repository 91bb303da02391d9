import { atLeast, type Severity } from './check.ts';
import { itemFlips } from './item-flips.ts';
import { type IdentityOf, messagePattern, type Pair, pairFindings } from './pair-findings.ts';
import type { Policy, Report, ReportFinding } from './report.ts';
import {
  type ChangeKind,
  DIFF_SCHEMA,
  type Effect,
  type FindingChange,
  type GapChange,
  type NamedReport,
  type ReportDiff,
  type ReportHead,
} from './report-diff.ts';
import { subjectObjects } from './subject-objects.ts';

/** Says what changed from one report to the next. */
export function diffReports(before: NamedReport, after: NamedReport, policy: Policy): ReportDiff {
  const heads = { before: headOf(before), after: headOf(after) };
  const [old, now] = [before.report, after.report];
  const paired = pairFindings(old.findings, now.findings, {
    before: identityIn(old, now),
    after: identityIn(now, old),
  });
  const changes = paired.pairs.flatMap((pair) => changeOf(pair, policy.failOn));
  const items = itemFlips(old, now, changes, paired.oneSided);
  const gaps = gapChanges(old, now);
  const count = (effect: Effect) => changes.filter((change) => change.effect === effect).length;
  const unseen =
    count('unseen') +
    gaps.filter(({ openedOrClosed }) => openedOrClosed === 'opened').length +
    items.filter((item) => item.after === 'unknown' && item.before !== undefined && item.because.length === 0).length;
  const worse = count('worse');
  return {
    $schema: DIFF_SCHEMA,
    ...heads,
    summary: {
      worse,
      unseen,
      better: count('better'),
      items: items.filter((item) => item.before !== undefined && item.after !== undefined).length,
      exitCode: worse > 0 ? 1 : unseen > 0 && !policy.allowUnknown ? 3 : 0,
    },
    cautions: cautionsOf(heads.before, heads.after),
    items,
    changes,
    oneSided: paired.oneSided,
    objects: objectsOf(old, now, paired.pairs),
    gaps,
  };
}

function headOf({ name, report }: NamedReport): ReportHead {
  return {
    name,
    command: report.command,
    startedAt: report.startedAt,
    toolVersion: report.tool.version,
    verdict: report.summary.verdict,
    exitCode: report.summary.exitCode,
    sources: report.sources.map(({ name: source, target, recordedAt, detected }) => ({
      name: source,
      target,
      ...(recordedAt === undefined ? {} : { recordedAt }),
      ...(detected === undefined ? {} : { detected }),
    })),
  };
}

/**
 * What was looked at is a part of many subjects: the URL of an endpoint, the context of a cluster. Where each report has one such
 * source, staging's is compared with production's.
 */
function identityIn({ sources }: Report, other: Report): IdentityOf {
  const targets = new Map(
    [...new Set(sources.map(({ name }) => name))].flatMap((name) => {
      const [ours, theirs] = [sources, other.sources].map((all) => all.filter((source) => source.name === name));
      return ours?.length === 1 && theirs?.length === 1 ? [[name, ours[0]?.target ?? ''] as const] : [];
    }),
  );
  return ({ check, source, subject }) => {
    const target = targets.get(source);
    return `${check}@${source}#${target === undefined || target === '' ? subject : subject.replaceAll(target, '\u0000')}`;
  };
}

function changeOf({ before, after, hidden }: Pair, failOn: Severity): readonly FindingChange[] {
  const kind = kindOf(before, after, hidden);
  const one = after ?? before;
  if (kind === undefined || one === undefined) return [];
  const { check, item, source, subject } = one;
  return [
    {
      kind,
      effect: effectOf(kind, before, after, failOn),
      check,
      item,
      source,
      subject,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

/** Undefined where nothing that anybody asks about changed. Swapping the two reports gives the mirror of each kind. */
function kindOf(
  before: ReportFinding | undefined,
  after: ReportFinding | undefined,
  hidden: boolean,
): ChangeKind | undefined {
  const [was, is] = [before?.outcome, after?.outcome];
  if (is === 'unknown' && was !== 'unknown') return 'became-unknown';
  if (was === 'unknown' && is !== 'unknown') return 'became-seen';
  // The other report could not see the subject at all: what it says of everything there is told once, beside the failures.
  if (hidden) return is === 'fail' ? 'became-seen' : was === 'fail' ? 'became-unknown' : undefined;
  if (was === 'fail' && is === 'waived') return 'waived';
  if (was === 'waived' && is === 'fail') return 'no-longer-waived';
  if (is === 'fail' && was !== 'fail') return 'failed';
  if (was === 'fail' && is !== 'fail') return 'mended';
  if (before === undefined || after === undefined) return undefined;
  if (was !== is) return 'outcome';
  const counts = is === 'fail' || is === 'unknown' || is === 'waived';
  if (counts && before.severity !== after.severity) return 'severity';
  if (before.message === after.message && before.observed === after.observed) return undefined;
  return counts && messagePattern(before.message) !== messagePattern(after.message) ? 'message' : 'moved';
}

function effectOf(
  kind: ChangeKind,
  before: ReportFinding | undefined,
  after: ReportFinding | undefined,
  failOn: Severity,
): Effect {
  const counts = (finding: ReportFinding | undefined) => finding !== undefined && atLeast(finding.severity, failOn);
  const fails = (finding: ReportFinding | undefined) => finding?.outcome === 'fail' && counts(finding);
  if (fails(after) && !fails(before)) return 'worse';
  if (kind === 'became-unknown' && counts(after ?? before)) return 'unseen';
  if (fails(before) && !fails(after) && kind !== 'became-unknown') return 'better';
  return kind === 'mended' || (kind === 'became-seen' && after?.outcome !== 'fail') ? 'better' : 'none';
}

/** Gaps of what both were asked: a fact that only one wanted is no gap of the other. */
function gapChanges(before: Report, after: Report): readonly GapChange[] {
  const only = (ours: Report, theirs: Report, openedOrClosed: GapChange['openedOrClosed']) =>
    ours.sources.flatMap(({ name, notSeen }) => {
      const others = theirs.sources.filter((source) => source.name === name);
      return notSeen
        .filter(
          ({ what, where }) =>
            others.length > 0 &&
            !others.some((other) => other.notSeen.some((gap) => gap.what === what)) &&
            (where !== undefined || others.some(({ seen }) => what in seen)),
        )
        .map(({ what, reason }) => ({ source: name, what, reason, openedOrClosed }));
    });
  return [...only(after, before, 'opened'), ...only(before, after, 'closed')];
}

function objectsOf(before: Report, after: Report, pairs: readonly Pair[]): ReportDiff['objects'] {
  const [old, now] = [subjectObjects(before.findings), subjectObjects(after.findings)];
  const surely = (all: readonly ReportFinding[], others: ReadonlySet<string>) =>
    [...subjectObjects(all.filter(({ outcome }) => outcome !== 'unknown'))]
      .filter((object) => !others.has(object))
      .toSorted();
  return {
    new: surely(
      pairs.flatMap(({ after: one, hidden }) => (one === undefined || hidden ? [] : [one])),
      old,
    ),
    gone: surely(
      pairs.flatMap(({ before: one, hidden }) => (one === undefined || hidden ? [] : [one])),
      now,
    ),
  };
}

function cautionsOf(before: ReportHead, after: ReportHead): readonly string[] {
  const targets = ({ sources }: ReportHead) =>
    sources
      .map(({ name, target }) => `${name} ${target}`)
      .toSorted()
      .join('; ');
  const versions = ({ sources }: ReportHead) =>
    sources.flatMap(({ detected }) => (detected?.version === undefined ? [] : [detected.version])).join(', ');
  const differ = (what: (head: ReportHead) => string, tell: (a: string, b: string) => string) => {
    const [a, b] = [what(before), what(after)];
    return a === b ? [] : [tell(a, b)];
  };
  return [
    ...differ(targets, (a, b) => `The reports are about different targets: ${a} before, ${b} after.`),
    ...differ(
      ({ command }) => command,
      (a, b) => `The reports were made by different commands: ${a} before, ${b} after.`,
    ),
    ...differ(
      ({ toolVersion }) => toolVersion,
      (a, b) => `The reports were made by different versions of qna-ready: ${a} before, ${b} after.`,
    ),
    ...differ(versions, (a, b) =>
      a === '' || b === '' ? '' : `The cluster's version is another one: Kubernetes ${a} before, ${b} after.`,
    ).filter((sentence) => sentence !== ''),
    ...(Date.parse(after.startedAt) < Date.parse(before.startedAt)
      ? [`The second report is older than the first: ${before.startedAt} before, ${after.startedAt} after.`]
      : []),
  ];
}
