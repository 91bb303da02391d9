import type { Verdict } from '../core/check.ts';

/** The answer of a check that found nothing to speak of. */
export function notApplicable(subject: string, message: string): readonly Verdict[] {
  return [{ outcome: 'not-applicable', subject, message }];
}

/** The verdicts, or "does not apply" where there was no subject at all. */
export function orNotApplicable(verdicts: readonly Verdict[], message: string): readonly Verdict[] {
  return verdicts.length > 0 ? verdicts : notApplicable('the input', message);
}
