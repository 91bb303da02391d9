import type { ReportFinding } from './report.ts';

/** What two reports say of one subject under one check; one side is absent where only the other speaks of it. */
export interface Pair {
  readonly before?: ReportFinding;
  readonly after?: ReportFinding;
  /** Whether the other report gives this check no answer for the subject, but one "unknown" for all that it could not see. */
  readonly hidden: boolean;
}

/** A check that only one of two reports answers for a source: another version of the tool, or another choice of checks. */
export interface OneSided {
  readonly check: string;
  readonly source: ReportFinding['source'];
  readonly answeredBy: 'before' | 'after';
  readonly findings: number;
  readonly failures: number;
}

export interface Paired {
  readonly pairs: readonly Pair[];
  readonly oneSided: readonly OneSided[];
}

/** Gives the identity of a finding: its id without the number that tells alike ones apart. */
export type IdentityOf = (finding: ReportFinding) => string;

/**
 * Matches the findings of two reports by their ids, as a baseline does. A check can say several things of one subject, and their
 * numbers move up when one of them is mended, so those are matched by what they say.
 */
export function pairFindings(
  before: readonly ReportFinding[],
  after: readonly ReportFinding[],
  identities: { readonly before: IdentityOf; readonly after: IdentityOf },
): Paired {
  const ofCheck = ({ check, source }: ReportFinding) => `${check}@${source}`;
  const old = Map.groupBy(before, ofCheck);
  const now = Map.groupBy(after, ofCheck);
  const pairs: Pair[] = [];
  const oneSided: OneSided[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [ours, theirs] = [old.get(key) ?? [], now.get(key) ?? []];
    if (ours.length === 0) oneSided.push(oneSidedOf(theirs, 'after'));
    else if (theirs.length === 0) oneSided.push(oneSidedOf(ours, 'before'));
    else pairs.push(...pairsOfCheck(Map.groupBy(ours, identities.before), Map.groupBy(theirs, identities.after)));
  }
  return { pairs, oneSided: oneSided.filter(({ findings }) => findings > 0) };
}

/** The message without what moves from run to run: ages, counts and figures. */
export function messagePattern(message: string): string {
  return message.replace(/\d[\d.,:TZ-]*/g, '#');
}

function oneSidedOf(findings: readonly ReportFinding[], answeredBy: OneSided['answeredBy']): OneSided {
  const [first] = findings;
  return {
    check: first?.check ?? '',
    source: first?.source ?? 'files',
    answeredBy,
    findings: findings.length,
    failures: findings.filter(({ outcome }) => outcome === 'fail').length,
  };
}

type Groups = ReadonlyMap<string, readonly ReportFinding[]>;

function pairsOfCheck(before: Groups, after: Groups): readonly Pair[] {
  const hides = (groups: Groups, others: Groups) =>
    [...groups].some(([key, findings]) => !others.has(key) && findings.some(({ outcome }) => outcome === 'unknown'));
  const [beforeHides, afterHides] = [hides(before, after), hides(after, before)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [ours, theirs] = [before.get(key), after.get(key)];
    if (ours === undefined) return (theirs ?? []).map((one) => ({ after: one, hidden: beforeHides }));
    if (theirs === undefined) return ours.map((one) => ({ before: one, hidden: afterHides }));
    return pairsOfSubject(ours, theirs);
  });
}

function pairsOfSubject(before: readonly ReportFinding[], after: readonly ReportFinding[]): readonly Pair[] {
  const [ours, theirs] = [new Set(before), new Set(after)];
  const pairs: Pair[] = [];
  const match = (alike: (a: ReportFinding, b: ReportFinding) => boolean) => {
    for (const one of ours)
      for (const other of theirs) {
        if (!alike(one, other)) continue;
        pairs.push({ before: one, after: other, hidden: false });
        ours.delete(one);
        theirs.delete(other);
        break;
      }
  };
  match((a, b) => a.outcome === b.outcome && a.message === b.message);
  match((a, b) => a.message === b.message);
  match((a, b) => a.outcome === b.outcome && messagePattern(a.message) === messagePattern(b.message));
  // Of several failures of one subject another one is a failure of its own, and no new wording of the first.
  const single = before.length === 1 && after.length === 1;
  match((a, b) => single || a.outcome !== 'fail' || b.outcome !== 'fail');
  return [
    ...pairs,
    ...[...ours].map((one) => ({ before: one, hidden: false })),
    ...[...theirs].map((one) => ({ after: one, hidden: false })),
  ];
}
