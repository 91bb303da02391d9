import type { FactName, Facts, SourceName } from './facts.ts';
import type { Location } from './location.ts';
import type { Mend } from './mend.ts';
import type { Settings } from './settings.ts';

export const SEVERITIES = ['note', 'warning', 'error'] as const;
/** SARIF's levels, mildest first in `SEVERITIES`. */
export type Severity = (typeof SEVERITIES)[number];

export const OUTCOMES = ['pass', 'fail', 'not-applicable', 'unknown', 'waived'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The answer of one check about one subject, as the check gives it. */
export interface Verdict {
  readonly outcome: Exclude<Outcome, 'waived'>;
  /** What the verdict is about: an object, a container of it, a file, an endpoint. */
  readonly subject: string;
  /** One sentence, with a full stop. */
  readonly message: string;
  readonly where?: Location;
  readonly observed?: string;
  readonly expected?: string;
  /** What to do about this subject, where that can be said better than in the check's own `fix`. */
  readonly fix?: string;
  /** Where this subject weighs less or more than the check's own severity says. */
  readonly severity?: Severity;
  /** What mends the failure without a decision, where something does. */
  readonly mend?: Mend;
}

/** All that is known of a check without running it; documentation and `explain` are made from this. */
export interface CheckMeta {
  /** `topic/name`, both kebab-case; the folder of the check. */
  readonly id: string;
  /** What holds when the check passes, as a sentence without its full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters in production. */
  readonly why: string;
  /** What exactly is looked at, and what counts as a pass. */
  readonly how: string;
  /** How to mend a failure. */
  readonly fix: string;
  /** How to see the same with kubectl, curl or an editor, without this tool. */
  readonly verify: string;
  readonly references: readonly string[];
  /** What `validate --fix` writes, and when; absent where a failure needs a person. */
  readonly mends?: string;
  /** The sources it judges, where its facts alone would admit more: a claim's status is only true in a cluster. */
  readonly only?: readonly SourceName[];
}

export interface Check extends CheckMeta {
  readonly needs: readonly FactName[];
  evaluate(facts: Facts, settings: Settings): readonly Verdict[];
}

/** Defines a check. It can read the facts that it names in `needs`; reading any other is a compile error. */
export function defineCheck<const Needs extends readonly FactName[]>(
  check: CheckMeta & {
    readonly needs: Needs;
    evaluate(facts: Pick<Facts, Needs[number]>, settings: Settings): readonly Verdict[];
  },
): Check {
  return check;
}

/** `probes` of `probes/readiness-probe`. */
export function topicOf(checkId: string): string {
  return checkId.slice(0, checkId.indexOf('/'));
}

export function atLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(threshold);
}
