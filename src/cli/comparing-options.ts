import type { Command } from 'commander';
import type { TellingOptions } from '../commands/comparing-options.ts';
import { UserError } from '../core/errors.ts';
import { COMPARISON_FORMATS, type ComparisonFormat } from '../reporters/diff-reporter.ts';
import { colorChoice, colorOptions, type RawColor } from './color-options.ts';

type Reports = TellingOptions['reports'];

/** How what several reports say together is told, as commander gives it. */
export interface RawComparing extends RawColor {
  readonly report: Reports;
  readonly verbose: boolean;
}

export function telling(command: Command, verbose: string): Command {
  const options = command
    .optionsGroup('Telling:')
    .option(
      '--report <format[=file]>',
      `${COMPARISON_FORMATS.join(', ')}; to stdout or to a file; may be repeated`,
      collectComparison,
      [],
    )
    .option('-v, --verbose', verbose, false);
  return colorOptions(options).optionsGroup('');
}

export function tellingOptions({ report, verbose, color }: RawComparing): TellingOptions {
  return {
    reports: report.some(({ file }) => file === undefined) ? report : [{ format: 'text' }, ...report],
    verbose,
    ...colorChoice({ color }),
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
