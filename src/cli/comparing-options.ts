import type { Command } from 'commander';
import type { TellingOptions } from '../commands/comparing-options.ts';
import { UserError } from '../core/errors.ts';
import { COMPARISON_FORMATS, type ComparisonFormat } from '../reporters/diff-reporter.ts';

type Reports = TellingOptions['reports'];

/** How what several reports say together is told, as commander gives it. */
export interface RawTelling {
  readonly report: Reports;
  readonly verbose: boolean;
  readonly color: boolean | undefined;
}

export function telling(command: Command, verbose: string): Command {
  return command
    .option(
      '--report <format[=file]>',
      `${COMPARISON_FORMATS.join(', ')}; to stdout or to a file; may be repeated`,
      collectComparison,
      [],
    )
    .option('-v, --verbose', verbose, false)
    .option('--color', 'colour although the output is no terminal')
    .option('--no-color', 'no colour');
}

export function tellingOptions({ report, verbose, color }: RawTelling): TellingOptions {
  return {
    reports: report.some(({ file }) => file === undefined) ? report : [{ format: 'text' }, ...report],
    verbose,
    ...(color === undefined ? {} : { color }),
  };
}

function collectComparison(value: string, previous: Reports): Reports {
  const [format = '', ...rest] = value.split('=');
  if (!COMPARISON_FORMATS.includes(format as ComparisonFormat))
    throw new UserError(`There is no format ${format} for what several reports say together.`, {
      hint: `Choose one of: ${COMPARISON_FORMATS.join(', ')}.`,
    });
  const file = rest.join('=');
  if (file === '' && previous.some((target) => target.file === undefined))
    throw new UserError('Two reports would be mixed on standard output.', {
      hint: 'Give one of them a file: --report json=FILE.',
    });
  return [...previous, { format: format as ComparisonFormat, ...(file === '' ? {} : { file }) }];
}
