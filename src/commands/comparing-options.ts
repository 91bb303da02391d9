import type { Severity } from '../core/check.ts';
import type { ComparisonFormat } from '../reporters/diff-reporter.ts';

/** How what several reports say together is told. */
export interface TellingOptions {
  readonly reports: readonly { readonly format: ComparisonFormat; readonly file?: string }[];
  readonly verbose: boolean;
  readonly color?: boolean;
}

/** The options of a comparison. */
export interface ComparingOptions extends TellingOptions {
  readonly failOn: Severity;
  readonly allowUnknown: boolean;
  /** The configuration, by which a snapshot is judged. */
  readonly config?: string;
}
