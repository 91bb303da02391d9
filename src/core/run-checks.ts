import { type Check, type Severity, topicOf, type Verdict } from './check.ts';
import { reasonOf } from './errors.ts';
import type { FactName, Facts, Observed, Snapshot } from './facts.ts';
import type { Settings } from './settings.ts';

/** A verdict with the check and the snapshot that it came from. */
export interface Judgement extends Verdict {
  readonly check: Check;
  readonly snapshot: Snapshot;
  readonly severity: Severity;
}

/** What one check says of one snapshot. */
export interface JudgedCheck {
  readonly check: Check;
  readonly snapshot: Snapshot;
  readonly verdicts: readonly Verdict[];
}

/**
 * Asks every check of every snapshot that offers what it needs. A fact that was not seen makes the check unknown, a check
 * that throws makes itself unknown, and the run goes on: one refused permission costs the checks that need it, no more. A
 * check is asked when its verdicts are, so that a large run never holds all of them beside what is made of them.
 */
export function* judgeChecks(
  checks: readonly Check[],
  snapshots: readonly Snapshot[],
  settings: Settings,
): Generator<JudgedCheck> {
  for (const snapshot of snapshots)
    for (const check of checks.filter((candidate) => runsOn(candidate, snapshot)))
      yield { check, snapshot, verdicts: judge(check, snapshot, settings) };
}

/** The same, verdict by verdict. */
export function* runChecks(
  checks: readonly Check[],
  snapshots: readonly Snapshot[],
  settings: Settings,
): Generator<Judgement> {
  for (const { check, snapshot, verdicts } of judgeChecks(checks, snapshots, settings))
    for (const verdict of verdicts) yield { severity: check.severity, ...verdict, check, snapshot };
}

/** The facts that these checks need, so that a source observes no more than that. */
export function wantedFacts(checks: readonly Check[]): ReadonlySet<FactName> {
  return new Set(checks.flatMap((check) => check.needs));
}

/** The checks that a source can feed. */
export function checksFor(
  checks: readonly Check[],
  source: { readonly name: Snapshot['source']; readonly provides: readonly FactName[] },
): readonly Check[] {
  return checks.filter(
    (check) => allows(check, source.name) && check.needs.every((name) => source.provides.includes(name)),
  );
}

/** Narrows to the checks, topics and items that a person named; an unknown name is returned for the caller to refuse. */
export function selectChecks(
  checks: readonly Check[],
  selection: { readonly only: readonly string[]; readonly skip: readonly string[] },
  itemsOf: (check: Check) => readonly string[],
): { readonly checks: readonly Check[]; readonly unmatched: readonly string[] } {
  const answersTo = (check: Check, name: string) =>
    check.id === name || topicOf(check.id) === name || itemsOf(check).includes(name);
  const unmatched = [...selection.only, ...selection.skip].filter(
    (name) => !checks.some((check) => answersTo(check, name)),
  );
  const chosen = checks.filter(
    (check) =>
      (selection.only.length === 0 || selection.only.some((name) => answersTo(check, name))) &&
      !selection.skip.some((name) => answersTo(check, name)),
  );
  return { checks: chosen, unmatched };
}

function runsOn(check: Check, snapshot: Snapshot): boolean {
  return allows(check, snapshot.source) && check.needs.every((name) => snapshot.facts[name] !== undefined);
}

function allows(check: Check, source: Snapshot['source']): boolean {
  return check.only === undefined || check.only.includes(source);
}

function judge(check: Check, snapshot: Snapshot, settings: Settings): readonly Verdict[] {
  const facts: Partial<Record<FactName, unknown>> = {};
  const missing: string[] = [];
  const incomplete: string[] = [];
  for (const name of check.needs) {
    const observed = snapshot.facts[name] as Observed<unknown>;
    if (!observed.seen) missing.push(`${name} (${observed.reason})`);
    else {
      facts[name] = observed.value;
      if (observed.incomplete !== undefined) incomplete.push(observed.incomplete);
    }
  }
  if (missing.length > 0) return [unknown(snapshot, `Not seen: ${[...new Set(missing)].join('; ')}.`)];
  try {
    const verdicts = check.evaluate(facts as Facts, settings);
    return incomplete.length === 0
      ? verdicts
      : [...verdicts, unknown(snapshot, `A part of the input was not read: ${[...new Set(incomplete)].join('; ')}.`)];
  } catch (error) {
    return [
      unknown(
        snapshot,
        `The check could not finish: ${reasonOf(error)}. An object of an unexpected shape can cause this; if the API server accepts it, please report it.`,
      ),
    ];
  }
}

function unknown(snapshot: Snapshot, message: string): Verdict {
  return { outcome: 'unknown', subject: snapshot.target, message };
}
