import { atLeast, type Outcome, type Severity } from './check.ts';
import { checksOf, type Item, type ItemState, type Section, sourcesOf, stateOf } from './checklist.ts';
import type { DetectedCluster, FactName, Snapshot, SourceName } from './facts.ts';
import type { Location } from './location.ts';
import { type Measured, measuredOf } from './measured.ts';
import type { ReferenceGraph } from './reference-graph.ts';
import type { JudgedCheck } from './run-checks.ts';
import type { Signature } from './signoff.ts';
import type { Timeline } from './timeline.ts';

/** The version of the report's shape; a change that breaks a reader makes a new one. */
export const REPORT_SCHEMA = 'https://qna-ready.github.io/schemas/report/v1';

export const EXIT_CODES = [
  { code: 0, verdict: 'ready', meaning: 'nothing that counts failed or is unknown' },
  { code: 1, verdict: 'not-ready', meaning: 'something failed at or above --fail-on' },
  {
    code: 2,
    verdict: 'unusable',
    meaning: 'wrong use, wrong configuration, input that is unreadable or empty, or a bug of ours',
  },
  {
    code: 3,
    verdict: 'unknown',
    meaning: 'nothing failed, but something that counts could not be seen (see --allow-unknown)',
  },
] as const;
export type ExitCode = (typeof EXIT_CODES)[number]['code'];
export type ReportVerdict = (typeof EXIT_CODES)[number]['verdict'];

/** One run, told as plain data. Every reporter and every pipeline reads this and nothing else. */
export interface Report {
  readonly $schema: typeof REPORT_SCHEMA;
  readonly tool: { readonly name: 'qna-ready'; readonly version: string };
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly sources: readonly ReportSource[];
  readonly roles: readonly ReportRole[];
  readonly summary: ReportSummary;
  readonly items: readonly ReportItem[];
  readonly findings: readonly ReportFinding[];
  /** Where a run is about several services, or about chosen ones: the checklist of each. */
  readonly applications?: readonly ReportApplication[];
  /** What endpoints answered over time, where something was done to the service on purpose. */
  readonly timelines?: readonly Timeline[];
  /** Which objects refer to which. They are gathered where a page is to show them. */
  readonly graphs?: readonly ReferenceGraph[];
}

/** A service with all that belongs to it. A finding can belong to several, or to none. */
export interface ReportApplication {
  readonly name: string;
  readonly namespace?: string;
  /** Set where a run has several clusters. */
  readonly context?: string;
  /** Its workloads. */
  readonly subjects: readonly string[];
  /** Why they were taken for one application. */
  readonly why: string;
  readonly summary: ReportSummary;
  readonly items: readonly ReportItem[];
}

export interface ReportSource {
  readonly name: SourceName;
  readonly target: string;
  /** When a cluster was observed, in ISO 8601: in a replay that is long before the report. */
  readonly recordedAt?: string;
  /** What a cluster was found to be. */
  readonly detected?: DetectedCluster;
  /** Figures of an endpoint. */
  readonly measured?: Measured;
  /** How many things each fact held. */
  readonly seen: { readonly [K in FactName]?: number };
  readonly notSeen: readonly { readonly what: string; readonly reason: string; readonly where?: Location }[];
}

/** A part that an object was found to play, and why that was thought. */
export interface ReportRole {
  readonly source: SourceName;
  readonly role: string;
  readonly subject: string;
  readonly why: string;
}

export interface ReportSummary {
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly notApplicable: number;
  readonly waived: number;
  readonly exitCode: ExitCode;
  readonly verdict: ReportVerdict;
}

export interface ReportItem {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly section: string;
  readonly state: ItemState;
  /** The ids of the findings that decided the state. */
  readonly findings: readonly string[];
  /** What would prove the item, where nothing did. */
  readonly missing?: string;
  /** Who answers for it, as the configuration says. */
  readonly owner?: string;
  /** Present where a person has signed it, whether that still holds or not. */
  readonly signature?: Signature;
}

export interface ReportFinding {
  /** Stable from run to run as long as check and subject stay. */
  readonly id: string;
  readonly check: string;
  readonly item: string;
  readonly source: SourceName;
  readonly outcome: Outcome;
  readonly severity: Severity;
  readonly subject: string;
  readonly message: string;
  readonly observed?: string;
  readonly expected?: string;
  readonly where?: Location;
  /** Shows the evidence in a live cluster: a line for a POSIX shell, which reads only and prints no Secret. */
  readonly command?: string;
  readonly fix?: string;
  readonly docs?: string;
  /** Without a date where the baseline has the failure too. */
  readonly waiver?: { readonly reason: string; readonly owner: string; readonly expires?: string };
}

export interface Policy {
  readonly failOn: Severity;
  readonly allowUnknown: boolean;
}

export const DEFAULT_POLICY: Policy = { failOn: 'warning', allowUnknown: false };

/** Turns what checks said into the report's findings, in the order in which they said it, each under an id of its own. */
export function toFindings(judged: Iterable<JudgedCheck>, sections: readonly Section[]): readonly ReportFinding[] {
  const itemOf = new Map<string, string>();
  for (const item of sections.flatMap((section) => section.items))
    for (const id of checksOf(item)) if (!itemOf.has(id)) itemOf.set(id, item.id);
  const findings: ReportFinding[] = [];
  // Twenty checks speak of one object, and a check says much the same of all of them: each text is kept once.
  const texts = new Map<string, string>();
  const once = (text: string): string => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  for (const { check, snapshot, verdicts } of judged) {
    const prefix = `${check.id}@${snapshot.source}#`;
    const lead = snapshot.label === undefined ? '' : `${snapshot.label}: `;
    const item = itemOf.get(check.id) ?? '';
    const taken = new Map<string, number>();
    for (const verdict of verdicts) {
      const { outcome, severity, message, observed, expected, where, fix } = verdict;
      const subject = once(lead + verdict.subject);
      const nth = (taken.get(subject) ?? 0) + 1;
      taken.set(subject, nth);
      const finding: { -readonly [Field in keyof ReportFinding]: ReportFinding[Field] } = {
        id: nth === 1 ? prefix + subject : `${prefix}${subject}~${nth}`,
        check: check.id,
        item,
        source: snapshot.source,
        outcome,
        severity: severity ?? check.severity,
        subject,
        message: once(message),
      };
      // There are as many findings as objects and checks make together; each copy of one would be felt.
      if (observed !== undefined) finding.observed = once(observed);
      if (expected !== undefined) finding.expected = once(expected);
      if (where !== undefined)
        finding.where = 'path' in where ? { object: where.object, path: once(where.path) } : where;
      if (outcome === 'fail') {
        finding.fix = fix ?? check.fix;
        if (check.references[0] !== undefined) finding.docs = check.references[0];
      }
      findings.push(finding);
    }
  }
  return findings;
}

/** What was asked of whom. */
export interface ItemScope {
  readonly sources: readonly SourceName[];
  readonly checks: ReadonlySet<string>;
  readonly whole: boolean;
  /** Who answers for an item, by its id, its name or its section's id. */
  readonly owners?: Readonly<Record<string, string>>;
}

/** The state of every item that these sources, or a person, could prove, for one set of findings after the other. */
export function itemizer(
  sections: readonly Section[],
  scope: ItemScope,
): (findings: readonly ReportFinding[]) => readonly ReportItem[] {
  const items = sections.flatMap((section) =>
    section.items
      .filter((item) => inScope(item, scope))
      .map((item) => ({ item, section: section.title, owner: ownerOf(item, section, scope) })),
  );
  // A cluster has a hundred thousand findings, of a hundred checks.
  const provenBy = new Map<string, readonly Item[]>();
  const itemsOf = (finding: ReportFinding): readonly Item[] => {
    const key = `${finding.source} ${finding.check}`;
    const known = provenBy.get(key);
    if (known !== undefined) return known;
    const proven = items.map(({ item }) => item).filter((item) => proves(item, finding));
    provenBy.set(key, proven);
    return proven;
  };
  return (findings) => {
    const proofsOf = new Map<Item, ReportFinding[]>(items.map(({ item }) => [item, []]));
    for (const finding of findings) for (const item of itemsOf(finding)) proofsOf.get(item)?.push(finding);
    return items.map(({ item, section, owner }) => ({
      ...toItem(item, section, proofsOf.get(item) ?? [], scope),
      ...(owner === undefined ? {} : { owner }),
    }));
  };
}

/** The nearest to the item counts. */
function ownerOf({ id, name }: Item, section: Section, { owners = {} }: ItemScope): string | undefined {
  return owners[id] ?? owners[name] ?? owners[section.id];
}

function toItem(item: Item, section: string, proofs: readonly ReportFinding[], { sources }: ItemScope): ReportItem {
  const absent = sourcesOf(item).filter((source) => !sources.includes(source));
  return {
    id: item.id,
    name: item.name,
    title: item.title,
    section,
    state: stateOf(item, proofs),
    findings: proofs.map(({ id }) => id),
    ...(proofs.length === 0
      ? { missing: item.manual ?? `Nothing was given that can prove it: ${absent.join(' or ')}.` }
      : {}),
  };
}

/**
 * An item of one application. Where every finding of it is about others, the item was judged and has nothing to say of this one; where
 * nothing proved it for anybody, it stays open. `judged` are the items of objects in the whole run.
 */
export function ofOneApplication(item: ReportItem, judged: ReadonlySet<string>): ReportItem {
  return item.state === 'unknown' && item.findings.length === 0 && judged.has(item.id)
    ? { ...item, state: 'not-applicable', missing: 'Nothing of this application is judged by it.' }
    : item;
}

function proves(item: Item, { check, source }: ReportFinding): boolean {
  return item.provenBy[source]?.includes(check) ?? false;
}

/**
 * Counts, and the one exit code, whatever the format. `unusable` says that a part of the user's own input was unreadable. `answered` are
 * the findings that a person answers for by a signature: unknown ones are counted, and hold nothing up.
 */
export function summarize(
  findings: readonly ReportFinding[],
  items: readonly ReportItem[],
  snapshots: readonly Pick<Snapshot, 'notSeen'>[],
  policy: Policy,
  answered: ReadonlySet<string> = new Set(),
): ReportSummary {
  const counts: Record<Outcome, number> = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, waived: 0 };
  for (const { outcome } of findings) counts[outcome] += 1;
  const exitCode = exitCodeOf();
  return {
    pass: counts.pass,
    fail: counts.fail,
    unknown: counts.unknown,
    notApplicable: counts['not-applicable'],
    waived: counts.waived,
    exitCode,
    verdict: verdictOf(exitCode),
  };

  function exitCodeOf(): ExitCode {
    if (snapshots.some(({ notSeen }) => notSeen.some(({ unusable }) => unusable === true))) return 2;
    if (findings.some(({ outcome, severity }) => outcome === 'fail' && atLeast(severity, policy.failOn))) return 1;
    // What would not fail the run when it is known to be wrong does not hold the run up when it is unknown.
    const unseen =
      findings.some(
        ({ id, outcome, severity }) => outcome === 'unknown' && atLeast(severity, policy.failOn) && !answered.has(id),
      ) ||
      snapshots.some(({ notSeen }) => notSeen.length > 0) ||
      items.some(({ state, findings: proofs }) => state === 'unknown' && proofs.length === 0);
    return unseen && !policy.allowUnknown ? 3 : 0;
  }
}

export function verdictOf(exitCode: ExitCode): ReportVerdict {
  return EXIT_CODES.find(({ code }) => code === exitCode)?.verdict ?? 'unusable';
}

/** What a snapshot held, without the things themselves. */
export function toReportSource(snapshot: Snapshot): ReportSource {
  const { source, target, facts, notSeen, detected, recordedAt } = snapshot;
  const measured = measuredOf(snapshot);
  const seen: { [K in FactName]?: number } = {};
  const unseen = notSeen.map(({ what, reason, where }) => ({
    what,
    reason,
    ...(where === undefined ? {} : { where }),
  }));
  for (const [name, observed] of Object.entries(facts) as [
    FactName,
    { seen: boolean; value?: unknown; reason?: string },
  ][]) {
    if (observed.seen) seen[name] = Array.isArray(observed.value) ? observed.value.length : 1;
    else if (!unseen.some(({ what }) => what === name)) unseen.push({ what: name, reason: observed.reason ?? '' });
  }
  return {
    name: source,
    target,
    ...(recordedAt === undefined ? {} : { recordedAt }),
    ...(detected === undefined ? {} : { detected }),
    ...(measured === undefined ? {} : { measured }),
    seen,
    notSeen: unseen,
  };
}

/** The timelines of all runs, each named for what was looked at. */
export function timelinesOf(snapshots: readonly Snapshot[]): readonly Timeline[] {
  return snapshots.flatMap(({ target, facts: { outageRun, drainRun } }) =>
    [outageRun, drainRun].flatMap((observed) =>
      observed?.seen === true
        ? [{ ...observed.value.timeline, title: `${observed.value.timeline.title} of ${target}` }]
        : [],
    ),
  );
}

function inScope(item: Item, scope: ItemScope): boolean {
  if (scope.whole) return item.manual !== undefined || checksOf(item).some((id) => scope.checks.has(id));
  return scope.sources.some((source) => item.provenBy[source]?.some((id) => scope.checks.has(id)) ?? false);
}
