import type { ChalkInstance } from 'chalk';
import { formatLocation } from '../core/location.ts';
import type { ReportFinding } from '../core/report.ts';
import { columnsOf, cutTo } from './columns.ts';
import { safe, wrap } from './layout.ts';
import type { Style } from './reporter.ts';
import { isOpen, waiverWords } from './telling.ts';
import type { Explanations } from './text-explain.ts';

/** One finding, or those that one gap leaves unknown alike. */
export function groupBlock(
  group: readonly ReportFinding[],
  chalk: ChalkInstance,
  style: Style,
  explained: Explanations | undefined,
): string {
  const [first] = group;
  if (first === undefined) return '';
  if (group.length === 1) return findingBlock(first, chalk, style, explained);
  const checks = group.map(({ check }) => check);
  return [
    ...headed(`unknown ${checks.length} checks`, first.subject, style.width, () =>
      [chalk.yellow('unknown'), chalk.bold(`${checks.length} checks`)].join(' '),
    ),
    ...wrap(first.message, style.width - 2).map((line) => `  ${line}`),
    ...wrap(checks.join(', '), style.width - 2).map((line) => chalk.dim(`  ${line}`)),
    ...checks.flatMap((check) => explained?.of(check, undefined) ?? []),
  ].join('\n');
}

function findingBlock(
  finding: ReportFinding,
  chalk: ChalkInstance,
  style: Style,
  explained: Explanations | undefined,
): string {
  const { width } = style;
  const { outcome, check, subject, message, where, observed, expected, fix, waiver, docs } = finding;
  const command = finding.command ?? style.commandOf?.(finding);
  const row = (name: string, text: string | undefined, paint: (text: string) => string = (same) => same) =>
    text === undefined
      ? []
      : wrap(text, width - 12).map((line, nth) => `  ${chalk.dim((nth === 0 ? name : '').padEnd(9))} ${paint(line)}`);
  const label = labelOf(finding);
  return [
    ...headed(`${label} ${check}`, subject, width, () => {
      const name = chalk.bold(safe(check));
      return `${painted(finding, chalk)} ${docs === undefined ? name : linked(name, docs, style)}`;
    }),
    ...wrap(message, width - 2).map((line) => `  ${line}`),
    ...row('where', where === undefined ? undefined : formatLocation(where), (line) =>
      where !== undefined && 'file' in where ? linked(chalk.cyan(line), where, style) : chalk.cyan(line),
    ),
    ...(outcome === 'fail' ? frameOf(where, chalk, style) : []),
    ...row('observed', observed),
    ...row('expected', expected),
    // In one piece however long it is, so that it can be copied.
    ...(command === undefined ? [] : [`  ${chalk.dim('command'.padEnd(9))} ${safe(command)}`]),
    ...row('fix', fix),
    ...row('waived', waiver === undefined ? undefined : waiverWords(waiver)),
    ...(isOpen(finding) ? (explained?.of(check, fix) ?? []) : []),
  ].join('\n');
}

/** `error` of a failure, otherwise the outcome. */
export function labelOf({ outcome, severity }: ReportFinding): string {
  return outcome === 'fail' ? severity : outcome;
}

/** The same in its colour, which says nothing more. */
export function painted(finding: ReportFinding, chalk: ChalkInstance): string {
  const { outcome, severity } = finding;
  const paint =
    outcome === 'fail'
      ? severity === 'error'
        ? chalk.red.bold
        : severity === 'warning'
          ? chalk.yellow.bold
          : chalk.cyan.bold
      : outcome === 'unknown'
        ? chalk.yellow
        : outcome === 'pass'
          ? chalk.green
          : chalk.gray;
  return paint(labelOf(finding));
}

/** A head, which `paint` makes of the same words, and the text behind it, continued below with an indent. */
export function headed(head: string, text: string, width: number, paint: () => string): readonly string[] {
  const [first = '', ...rest] = wrap(text, width - 2, Math.max(1, columnsOf(safe(head)) - 1));
  return [first === '' ? paint() : `${paint()} ${first}`, ...rest.map((line) => `  ${line}`)];
}

function linked(
  shown: string,
  target: string | { readonly file: string; readonly line: number },
  style: Style,
): string {
  return style.hyperlink?.(shown, target) ?? shown;
}

/** The lines around a place in a file, with a mark below the column. */
function frameOf(where: ReportFinding['where'], chalk: ChalkInstance, { excerpt, width }: Style): readonly string[] {
  if (where === undefined || !('file' in where)) return [];
  return (excerpt?.(where.file, where.line) ?? []).flatMap(({ line, text }) => {
    const here = line === where.line;
    const gutter = `${here ? '>' : ' '} ${String(line).padStart(5)} │ `;
    // A tab would be as wide as the terminal likes, and the mark would miss its place.
    const shown = safe(text).replaceAll('\t', ' ');
    const room = width - gutter.length - 2;
    const row = `  ${chalk.dim(gutter)}${cutTo(shown, room)}`;
    const before = columnsOf(shown.slice(0, Math.max(0, where.column - 1)).padEnd(where.column - 1));
    const mark = `  ${chalk.dim('        │ ')}${' '.repeat(before)}${chalk.red('^')}`;
    return here && before < room ? [row, mark] : [row];
  });
}
