import { InvalidArgumentError } from 'commander';
import type { ReportTarget } from '../commands/options.ts';
import { UserError } from '../core/errors.ts';
import { REPORT_FORMATS, type ReportFormat } from '../reporters/reporter.ts';

/** The values of an option that may be repeated, or be given with commas. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, ...value.split(',').filter((part) => part !== '')];
}

/** The same for values that may hold a comma. */
export function collectWhole(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** An unknown format is refused in commander's own words, behind which what was probably meant is told (`complaint.ts`). */
export function collectReport(value: string, previous: readonly ReportTarget[]): readonly ReportTarget[] {
  const [format = '', ...rest] = value.split('=');
  if (!REPORT_FORMATS.includes(format as ReportFormat))
    throw new InvalidArgumentError(
      `There is no report format ${format}. Allowed choices are ${REPORT_FORMATS.join(', ')}.`,
    );
  const file = rest.join('=');
  const toStdout = previous.filter((target) => target.file === undefined);
  if (file === '' && toStdout.length > 0)
    throw new UserError('Two reports would be mixed on standard output.', {
      hint: 'Give one of them a file: --report json=FILE.',
    });
  return [...previous, { format: format as ReportFormat, ...(file === '' ? {} : { file }) }];
}

export function positive(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new UserError(`${value} is not a number above zero.`);
  return number;
}
