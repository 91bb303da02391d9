import { Chalk, type ChalkInstance } from 'chalk';
import type { History, StoryPoint, TargetHistory } from '../core/history.ts';
import { formatLocation } from '../core/location.ts';
import type { HistoryReporter } from './history-reporter.ts';
import { ABSENT_MARK, timeWords, trendWords, VERDICTS, wholeWords } from './history-telling.ts';
import { safe, wrap } from './layout.ts';
import type { Style } from './reporter.ts';
import { STATES } from './text.ts';

/** Columns of an item's id and name. */
const LEAD = 28;
/** What a row of states leaves to the words behind it, where the line has room for both. */
const WORDS = 46;
const MIN_ROW = 12;
/** Of the evidence at one point; who wants the rest says --verbose. */
const MAX_EVIDENCE = 5;

/** For a person at a terminal: a row of characters for each item, the oldest report first. */
export const historyTextReporter: HistoryReporter = (history, style) => {
  const chalk = new Chalk({ level: style.color ? 1 : 0 });
  const blocks = [
    ...(history.stories.length > 0
      ? history.stories.map((story) => storyBlock(story, chalk, style))
      : [...history.targets.map((target) => targetBlock(target, chalk, style)), legend(chalk, style)]),
    history.unreadable
      .flatMap((sentence) => wrap(`not read: ${sentence}`, style.width).map((line) => chalk.yellow(line)))
      .join('\n'),
    ...wrap(`History in ${history.store}.`, style.width).map((line) => chalk.dim(line)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
};

function targetBlock(history: TargetHistory, chalk: ChalkInstance, style: Style): string {
  const { target, reports, verdict, items } = history;
  const hasRoom = style.width >= LEAD + MIN_ROW + WORDS;
  const row = Math.max(MIN_ROW, style.width - LEAD - (hasRoom ? WORDS : 2));
  const shown = Math.min(reports.length, reports.length > row ? row - 1 : row);
  const [first, last] = [reports.at(-shown), reports.at(-1)];
  const line = (lead: string, marks: readonly string[], words: string) => {
    const told = marks.slice(-shown).join('');
    const states = `${shown < marks.length ? '…' : ''}${told}`;
    // Colours take no columns, so the marks are what is counted: every row has the same number of them.
    const padded = `${states}  `;
    return hasRoom
      ? [`${lead.padEnd(LEAD)}${padded}${words}`]
      : [`${lead.padEnd(LEAD)}${states}`, ...wrap(words, style.width - 5).map((part) => chalk.dim(`     ${part}`))];
  };
  return [
    ...wrap(target, style.width).map((part) => chalk.bold(part)),
    ...wrap(wholeWords(history), style.width),
    ...wrap(
      `Each column is a report, from ${timeWords(first?.startedAt ?? '')} to ${timeWords(last?.startedAt ?? '')} (UTC)${shown < reports.length ? `; the newest ${shown} of ${reports.length}` : ''}.`,
      style.width,
    ).map((part) => chalk.dim(part)),
    '',
    ...line(
      '     the whole',
      verdict.states.map((state) => (state === null ? ABSENT_MARK : VERDICTS[state].mark)),
      trendWords(verdict, (state) => VERDICTS[state].word),
    ),
    ...items.flatMap((item) =>
      line(
        `${item.id.padEnd(5)}${item.name}`,
        item.states.map((state) => (state === null ? ABSENT_MARK : chalk[STATES[state].color](STATES[state].mark))),
        trendWords(item, (state) => STATES[state].word),
      ),
    ),
  ].join('\n');
}

function legend(chalk: ChalkInstance, { width }: Style): string {
  const words = [
    ...Object.values(STATES).map(({ mark, word }) => `${mark} ${word}`),
    `${ABSENT_MARK} not in the report`,
  ].join(', ');
  return wrap(words, width)
    .map((line) => chalk.dim(line))
    .join('\n');
}

function storyBlock({ target, item, title, points }: History['stories'][number], chalk: ChalkInstance, style: Style) {
  return [
    ...wrap(`${item} ${title}`, style.width).map((line) => chalk.bold(line)),
    ...wrap(target, style.width).map((line) => chalk.dim(line)),
    ...points.flatMap((point) => pointLines(point, chalk, style)),
  ].join('\n');
}

function pointLines(point: StoryPoint, chalk: ChalkInstance, { width, verbose }: Style): readonly string[] {
  const { at, report, from, to, evidence, missing } = point;
  const word = (state: StoryPoint['to']) => `${STATES[state].mark} ${STATES[state].word}`;
  const told = verbose ? evidence : evidence.slice(0, MAX_EVIDENCE);
  return [
    '',
    `  ${timeWords(at)}  ${from === undefined ? '' : `${word(from)} → `}${chalk[STATES[to].color](word(to))}`,
    ...wrap(`in ${report}`, width - 4).map((line) => chalk.dim(`    ${line}`)),
    ...told.flatMap(({ outcome, severity, check, subject, message, where }) =>
      wrap(
        `${outcome === 'fail' ? severity : outcome} ${check} ${subject}: ${message}${where === undefined ? '' : ` (${formatLocation(where)})`}`,
        width - 6,
      ).map((line, nth) => `${nth === 0 ? '    ' : '      '}${safe(line)}`),
    ),
    ...(told.length < evidence.length
      ? [chalk.dim(`    ${evidence.length - told.length} more; --verbose tells them.`)]
      : []),
    ...(missing === undefined ? [] : wrap(missing, width - 4).map((line) => `    ${line}`)),
  ];
}
