import { DEFAULT_POLICY, type Report } from '../core/report.ts';
import type { Io, Output } from './io.ts';
import type { Judged } from './judge.ts';
import type { JudgingOptions } from './judging-options.ts';
import type { CommonOptions } from './options.ts';
import { withCommands } from './show-findings.ts';

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
