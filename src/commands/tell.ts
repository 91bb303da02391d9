import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CHECKS } from '../checks/index.ts';
import type { CheckMeta } from '../core/check.ts';
import { reasonOf, UserError } from '../core/errors.ts';
import { lazily } from '../core/lazily.ts';
import type { ReferenceGraph } from '../core/reference-graph.ts';
import type { Report, ReportFinding } from '../core/report.ts';
import { SIGNOFFS_CHECK } from '../core/signoff.ts';
import { WAIVERS_CHECK } from '../core/waiver.ts';
import { loadReporter, type Style } from '../reporters/reporter.ts';
import { excerptsBelow } from '../sources/files/excerpt.ts';
import type { Io, Output } from './io.ts';
import type { CommonOptions } from './options.ts';
import { withCommands } from './show-findings.ts';
import { DEFAULT_WIDTH, hasColor, hyperlinkFor, outputWidth } from './terminal.ts';

/** In characters. */
const PIECE_LENGTH = 65_536;

/** What is told, and the command that shows a finding, which is made for those that are told. */
export interface Told {
  readonly report: Report;
  readonly commandOf: (finding: ReportFinding) => string | undefined;
  /** Which objects refer to which, which is gathered for the page that draws it. */
  readonly graphsOf?: () => readonly ReferenceGraph[];
}

/** Writes the report in every format that was asked for, and returns its exit code. */
export async function tell({ report, commandOf, graphsOf }: Told, options: CommonOptions, io: Io): Promise<number> {
  const whole = lazily(() => ({ ...report, findings: withCommands(report.findings, commandOf) }));
  for (const { format, file } of options.reports) {
    const reporter = await loadReporter(format);
    const told = format === 'text' ? report : format === 'html' ? withGraphs(whole(), graphsOf) : whole();
    if (file === undefined) {
      const style = { ...styleFor(io.stdout, options, io), commandOf };
      for (const piece of piecesOf(reporter(told, style, findCheck))) io.stdout.write(piece);
    } else {
      const { verbose, explain = false, quiet = false } = options;
      const style = { color: false, width: DEFAULT_WIDTH, verbose, explain, quiet, commandOf };
      writeReport(resolve(io.cwd, file), reporter(told, style, findCheck));
      io.stderr.write(`Wrote ${format} report to ${file}.\n`);
    }
  }
  return report.summary.exitCode;
}

function withGraphs(report: Report, graphsOf: Told['graphsOf']): Report {
  const graphs = [...(graphsOf?.() ?? []), ...(report.graphs ?? [])];
  return graphs.length === 0 ? report : { ...report, graphs };
}

export function findCheck(id: string): CheckMeta | undefined {
  return [WAIVERS_CHECK, SIGNOFFS_CHECK, ...CHECKS].find((check) => check.id === id);
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

/** How a report is told on an output: as wide as it is, and with what its terminal can do. */
export function styleFor(
  output: Output,
  { color: wanted, verbose, quiet, explain }: Pick<CommonOptions, 'color' | 'verbose' | 'quiet' | 'explain'>,
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
): Style {
  const color = hasColor(output, wanted, env);
  const hyperlink = hyperlinkFor(output, color, { env, cwd });
  return {
    // A log has the place; a person at a terminal wants to see it.
    ...(output.isTTY ? { excerpt: excerptsBelow(cwd) } : {}),
    ...(hyperlink === undefined ? {} : { hyperlink }),
    ...(quiet === undefined ? {} : { quiet }),
    ...(explain === undefined ? {} : { explain }),
    color,
    width: outputWidth(output, env),
    verbose,
  };
}
