import { resolve } from 'node:path';
import type { ComparisonFormat } from '../reporters/diff-reporter.ts';
import type { Style } from '../reporters/reporter.ts';
import type { TellingOptions } from './comparing-options.ts';
import type { Io } from './io.ts';
import { styleFor, writeReport } from './tell.ts';
import { DEFAULT_WIDTH } from './terminal.ts';

/** Writes it in every format that was asked for; `write` turns it into one of them. */
export async function tellComparison(
  write: (format: ComparisonFormat, style: Style) => Promise<string>,
  { reports, ...options }: TellingOptions,
  io: Io,
): Promise<void> {
  for (const { format, file } of reports)
    if (file === undefined) io.stdout.write(await write(format, styleFor(io.stdout, options, io)));
    else {
      writeReport(
        resolve(io.cwd, file),
        await write(format, { color: false, width: DEFAULT_WIDTH, verbose: options.verbose }),
      );
      io.stderr.write(`Wrote ${format} report to ${file}.\n`);
    }
}
