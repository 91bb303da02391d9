import { appendFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { reasonOf } from '../core/errors.ts';
import type { Location } from '../core/location.ts';
import type { Report } from '../core/report.ts';
import { markdownReporter } from '../reporters/markdown.ts';
import { cutToBytes } from '../reporters/markdown-cut.ts';
import type { ReportFormat } from '../reporters/reporter.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';
import { withCommands } from './show-findings.ts';
import { findCheck, type Told, tell } from './tell.ts';

/** What GitHub shows of one step; it takes nothing of a summary that is larger. */
const SUMMARY_BYTES = 1_048_576;

/** What shows findings at the lines of a change, by paths of the top folder of the checkout. */
const SHOWN_AT_LINES: readonly ReportFormat[] = ['github', 'gitlab'];

/** Tells as every command does, and where GitHub asks for a summary of the job, appends one. */
export async function tellPipeline(told: Told, options: CommonOptions, io: Io): Promise<number> {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY = '', GITHUB_WORKSPACE, CI_PROJECT_DIR } = io.env;
  const atLines = options.reports.filter(({ format }) => SHOWN_AT_LINES.includes(format));
  const others = options.reports.filter(({ format }) => !SHOWN_AT_LINES.includes(format));
  const shown = { ...told, report: seenFrom(GITHUB_WORKSPACE ?? CI_PROJECT_DIR ?? io.cwd, told.report, io.cwd) };
  await tell(shown, { ...options, reports: atLines }, io);
  const exitCode = await tell(told, { ...options, reports: others }, io);
  if (GITHUB_ACTIONS === 'true' && GITHUB_STEP_SUMMARY !== '')
    appendSummary(resolve(io.cwd, GITHUB_STEP_SUMMARY), told, io);
  return exitCode;
}

/** The report with the paths that its files have below a folder; those outside keep the ones that they have. */
function seenFrom(folder: string, report: Report, cwd: string): Report {
  if (resolve(folder) === resolve(cwd)) return report;
  const move = <T extends { readonly where?: Location }>(one: T): T => {
    if (one.where === undefined || !('file' in one.where)) return one;
    const file = relative(folder, resolve(cwd, one.where.file));
    return file.startsWith('..') ? one : { ...one, where: { ...one.where, file } };
  };
  return {
    ...report,
    findings: report.findings.map(move),
    sources: report.sources.map((source) => ({ ...source, notSeen: source.notSeen.map(move) })),
  };
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
