import type { Severity } from '../core/check.ts';

/** What a program can say of every judgement. */
export interface JudgingOptions {
  /** The folder that paths are relative to; that of the process where absent. */
  readonly cwd?: string;
  /** The environment that KUBECONFIG and HOME are looked up in; that of the process where absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the run; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Judges only these checks (`probes/budget`), topics (`probes`) or items (`4.1`). */
  readonly only?: readonly string[];
  /** All but these. */
  readonly skip?: readonly string[];
  /** The severity at which a failure makes `summary.exitCode` 1; `warning` where absent. */
  readonly failOn?: Severity;
  /** Whether what could not be seen leaves `summary.exitCode` at 0. */
  readonly allowUnknown?: boolean;
  /** A configuration file, in place of the one that is found in `cwd` or beside what is judged. */
  readonly config?: string;
  /** A file with the report of an earlier run, as JSON: what failed there fails no run. */
  readonly baseline?: string;
  /** The applications to tell of, by name; all where absent. */
  readonly apps?: readonly string[];
  /** The same by their labels, as `kubectl --selector` writes them. */
  readonly selector?: string;
}
