import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CHECKS } from '../checks/index.ts';
import type { CheckMeta } from '../core/check.ts';
import { reasonOf, UserError } from '../core/errors.ts';
import { lazily } from '../core/lazily.ts';
import type { Report, ReportFinding } from '../core/report.ts';
import { WAIVERS_CHECK } from '../core/waiver.ts';
import { loadReporter, type Style } from '../reporters/reporter.ts';
import { excerptsBelow } from '../sources/files/excerpt.ts';
import type { Io, Output } from './io.ts';
import type { CommonOptions } from './options.ts';
import { withCommands } from './show-findings.ts';

export const DEFAULT_WIDTH = 100;
/** In characters. */
const PIECE_LENGTH = 65_536;

/** What is told, and the command that shows a finding, which is made for those that are told. */
export interface Told {
  readonly report: Report;
  readonly commandOf: (finding: ReportFinding) => string | undefined;
}

/** Writes the report in every format that was asked for, and returns its exit code. */
export async function tell({ report, commandOf }: Told, options: CommonOptions, io: Io): Promise<number> {
  const whole = lazily(() => ({ ...report, findings: withCommands(report.findings, commandOf) }));
  for (const { format, file } of options.reports) {
    const reporter = await loadReporter(format);
    const told = format === 'text' ? report : whole();
    if (file === undefined) {
      const style = { ...styleFor(io.stdout, options, io), commandOf };
      for (const piece of piecesOf(reporter(told, style, findCheck))) io.stdout.write(piece);
    } else {
      const style = { color: false, width: DEFAULT_WIDTH, verbose: options.verbose, commandOf };
      writeReport(resolve(io.cwd, file), reporter(told, style, findCheck));
      io.stderr.write(`Wrote ${format} report to ${file}.\n`);
    }
  }
  return report.summary.exitCode;
}

function findCheck(id: string): CheckMeta | undefined {
  return id === WAIVERS_CHECK.id ? WAIVERS_CHECK : CHECKS.find((check) => check.id === id);
}

/** Writes a file that a person asked for by name; the folder is made where it is missing. */
export function writeReport(file: string, told: string | Generator<string>): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    for (const piece of piecesOf(told)) appendFileSync(file, piece);
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${reasonOf(error)}.`, {
      hint: 'Choose another file, or make room for it.',
      cause: error,
    });
  }
}

/** Few pieces, each long enough to be worth a write. */
function* piecesOf(told: string | Generator<string>): Generator<string> {
  let piece = '';
  for (const part of typeof told === 'string' ? [told] : told) {
    piece += part;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** NO_COLOR and FORCE_COLOR as their standards say; otherwise colour is for terminals. */
export function styleFor(
  output: Output,
  { color, verbose }: Pick<CommonOptions, 'color' | 'verbose'>,
  { env, cwd }: Io,
): Style {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const refused = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  const columns = Number(env.COLUMNS);
  return {
    // A log has the place; a person at a terminal wants to see it.
    ...(output.isTTY ? { excerpt: excerptsBelow(cwd) } : {}),
    color: color ?? (forced || (output.isTTY && !refused)),
    width: Math.max(40, output.columns || (Number.isInteger(columns) && columns > 0 ? columns : DEFAULT_WIDTH)),
    verbose,
  };
}
