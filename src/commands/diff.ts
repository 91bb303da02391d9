import { diffReports } from '../core/diff-reports.ts';
import { UserError } from '../core/errors.ts';
import type { NamedReport } from '../core/report-diff.ts';
import { loadDiffReporter } from '../reporters/diff-reporter.ts';
import { parseReport } from '../sources/replay/report-file.ts';
import type { ComparingOptions } from './comparing-options.ts';
import type { Io } from './io.ts';
import { judgeSnapshot } from './judge-snapshot.ts';
import { readGiven } from './read-given.ts';
import { tellComparison } from './tell-comparison.ts';

export interface DiffOptions extends ComparingOptions {
  /** Reports or snapshots: files, or `-` for standard input. */
  readonly before: string;
  readonly after: string;
}

/** Tells what changed from one report to another. Exits with 1 where something got worse, and with 3 where less is known. */
export async function diff(options: DiffOptions, io: Io): Promise<number> {
  const { before, after } = options;
  if (before === '-' && after === '-')
    throw new UserError('Standard input can be one of the two reports, and not both.', {
      hint: 'Name a file as well.',
    });
  const found = diffReports(await read(before, options, io), await read(after, options, io), options);
  await tellComparison(async (format, style) => (await loadDiffReporter(format))(found, style), options, io);
  return found.summary.exitCode;
}

async function read(file: string, options: DiffOptions, io: Io): Promise<NamedReport> {
  const { name, bytes } = await readGiven(file, io);
  return {
    name,
    report: (await judgeSnapshot(bytes, name, options, io)) ?? parseReport(bytes.toString('utf8'), name),
  };
}
