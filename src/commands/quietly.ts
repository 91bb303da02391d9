import type { Severity } from '../core/check.ts';
import { DEFAULT_POLICY, type Report } from '../core/report.ts';
import type { Io, Output } from './io.ts';
import type { Judged } from './judge.ts';
import type { CommonOptions } from './options.ts';
import { withCommands } from './show-findings.ts';

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

/**
 * Judges for a program: nothing is written to its output, nothing is read from its input, nobody is asked, and its signal ends the
 * run. Gives the whole report, with the command that shows each finding.
 */
export async function judgeQuietly(
  options: JudgingOptions,
  judge: (common: CommonOptions, io: Io) => Promise<Judged>,
): Promise<Report> {
  const io = quietIo(options);
  io.signal.throwIfAborted();
  try {
    const { report, commandOf } = await judge(commonOf(options), io);
    // A source that was broken off may have kept what it had by then, and that is no report.
    io.signal.throwIfAborted();
    return { ...report, findings: withCommands(report.findings, commandOf) };
  } catch (error) {
    io.signal.throwIfAborted();
    throw error;
  }
}

function commonOf(options: JudgingOptions): CommonOptions {
  const { only = [], skip = [], failOn = DEFAULT_POLICY.failOn, allowUnknown = DEFAULT_POLICY.allowUnknown } = options;
  const { apps = [], selector, config, baseline } = options;
  return {
    only,
    skip,
    failOn,
    allowUnknown,
    apps,
    reports: [],
    verbose: false,
    ...(selector === undefined ? {} : { selector }),
    ...(config === undefined ? {} : { config }),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

function quietIo({
  cwd = process.cwd(),
  env = process.env,
  signal = new AbortController().signal,
}: JudgingOptions): Io {
  const nobody: Output = { write: () => {}, isTTY: false, columns: undefined };
  return { stdout: nobody, stderr: nobody, stdin: nothing(), env, cwd, now: () => new Date(), signal };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
