import { appendFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { reasonOf } from '../core/errors.ts';
import { markdownReporter } from '../reporters/markdown.ts';
import { cutToBytes } from '../reporters/markdown-cut.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import { withCommands } from './show-findings.ts';
import { findCheck, type Told, tell } from './tell.ts';

/** What GitHub shows of one step; it takes nothing of a summary that is larger. */
const SUMMARY_BYTES = 1_048_576;

/** Tells as every command does, and where GitHub asks for a summary of the job, appends one. */
export async function tellPipeline(told: Told, options: CommonOptions, io: Io): Promise<number> {
  const exitCode = await tell(told, options, io);
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY = '' } = io.env;
  if (GITHUB_ACTIONS === 'true' && GITHUB_STEP_SUMMARY !== '')
    appendSummary(resolve(io.cwd, GITHUB_STEP_SUMMARY), told, io);
  return exitCode;
}

/** A summary that cannot be written changes no verdict. */
function appendSummary(file: string, { report, commandOf }: Told, io: Io): void {
  try {
    const taken = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const shown = { ...report, findings: withCommands(report.findings, commandOf) };
    const told = markdownReporter(shown, { color: false, width: 100, verbose: false }, findCheck);
    const text = typeof told === 'string' ? told : [...told].join('');
    // What stands there already may end in the middle of a line.
    appendFileSync(file, cutToBytes(`${taken > 0 ? '\n' : ''}${text}`, SUMMARY_BYTES - taken));
  } catch (error) {
    io.stderr.write(`The summary of the job could not be written to ${file}: ${reasonOf(error)}.\n`);
  }
}
