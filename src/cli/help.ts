import type { Command } from 'commander';
import type { Io, Output } from '../commands/io.ts';
import { outputWidth } from '../commands/terminal.ts';
import { columnsOf, padTo } from '../reporters/columns.ts';
import { wrap } from '../reporters/layout.ts';

/** The most that is read with ease. */
const WIDEST = 100;
const OWN_OPTIONS = 'Options:';
/** In columns: a longer term has its description below it. */
const LONGEST_TERM = 30;

/** Help as wide as the terminal: terms in one column, descriptions in another, and what is wide in the examples broken where it can be. */
export function configureHelp(program: Command, { stdout, stderr, env }: Pick<Io, 'stdout' | 'stderr' | 'env'>) {
  const widthOf = (output: Output) => Math.min(outputWidth(output, env), WIDEST);
  return program
    .configureOutput({
      writeOut: (text) => stdout.write(fitted(text, widthOf(stdout))),
      writeErr: (text) => stderr.write(fitted(text, widthOf(stderr))),
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({
      minWidthToWrap: 20,
      formatItem: (term, termWidth, description, helper) => {
        const width = helper.helpWidth ?? WIDEST;
        const column = Math.min(termWidth, LONGEST_TERM, Math.floor(width * 0.4)) + 4;
        const lines = description === '' ? [] : wrap(description, width - column);
        const indented = lines.map((line) => ' '.repeat(column) + line);
        return columnsOf(term) + 4 > column || lines.length === 0
          ? [`  ${term}`, ...indented].join('\n')
          : [padTo(`  ${term}`, column) + (lines[0] ?? ''), ...indented.slice(1)].join('\n');
      },
      // An option that is not given is off, or empty: that need not be said of each.
      optionDescription: ({ description, argChoices, defaultValue, defaultValueDescription }) => {
        const preset = defaultValueDescription ?? defaultValue;
        const isSaid = preset !== undefined && preset !== false && preset !== true && String(preset) !== '';
        const notes = [
          ...(argChoices === undefined ? [] : [argChoices.join(', ')]),
          ...(isSaid ? [`default: ${String(preset)}`] : []),
        ];
        return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
      },
      // What a command alone can do stands first.
      groupItems: (_, visible, groupOf) => {
        const groups = Map.groupBy(visible, groupOf);
        const own = groups.get(OWN_OPTIONS);
        return own === undefined ? groups : new Map([[OWN_OPTIONS, own], ...groups]);
      },
    });
}

/**
 * Breaks lines that are too wide, with the columns of a table kept; a command to copy stays in one piece, and what is said of it goes
 * below it.
 */
function fitted(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (columnsOf(line) <= width) return [line];
      const [, command, remark] = /^(\s+qna-ready .*?)(?:\s{3,}(\S.*))?$/.exec(line) ?? [];
      if (command !== undefined)
        return remark === undefined ? [line] : [command, ...wrap(remark, width - 6).map((part) => `      ${part}`)];
      // Behind the last gap of the line's table, or behind its indent.
      const [lead = ''] = /^\s*(?:\S+(?: \S+)*\s{2,})*/.exec(line) ?? [];
      return wrap(line.slice(lead.length), width - columnsOf(lead)).map((part, nth) =>
        nth === 0 ? lead + part : ' '.repeat(columnsOf(lead)) + part,
      );
    })
    .join('\n');
}
