import { Chalk, type ChalkInstance } from 'chalk';
import type { ItemState } from '../core/checklist.ts';
import { formatLocation } from '../core/location.ts';
import type { FindingChange, ItemFlip } from '../core/report-diff.ts';
import type { DiffReporter } from './diff-reporter.ts';
import {
  becauseWords,
  type ChangeGroup,
  changeGroups,
  diffVerdict,
  furtherSentences,
  headWords,
  oneSidedSentences,
  transitionWords,
} from './diff-telling.ts';
import { safe, wrap } from './layout.ts';
import type { Style } from './reporter.ts';
import { STATES } from './text.ts';

/** Of one group so many changes are told in full, and the others counted. */
const MAX_TOLD = 50;

/** For a person at a terminal: what got worse first, and the verdict last. */
export const diffTextReporter: DiffReporter = (diff, style) => {
  const chalk = new Chalk({ level: style.color ? 1 : 0 });
  const sentences = (all: readonly string[], paint: (text: string) => string) =>
    all.flatMap((sentence) => wrap(sentence, style.width).map((line) => paint(line))).join('\n');
  const blocks = [
    sentences(diff.cautions, chalk.yellow),
    ...changeGroups(diff, style.verbose).map((group) => groupBlock(group, chalk, style)),
    itemsBlock(diff.items, chalk, style),
    sentences(furtherSentences(diff), (same) => same),
    sentences(oneSidedSentences(diff), chalk.dim),
    [
      chalk.bold(diffVerdict(diff)),
      ...[diff.before, diff.after].flatMap((head) => wrap(headWords(head), style.width).map((line) => chalk.dim(line))),
    ].join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
};

function groupBlock({ title, effect, changes }: ChangeGroup, chalk: ChalkInstance, style: Style): string {
  const paint = { worse: chalk.red, unseen: chalk.yellow, better: chalk.green, none: chalk.cyan, moved: chalk.gray }[
    effect
  ];
  const told = style.verbose ? changes : changes.slice(0, MAX_TOLD);
  return [
    paint.bold(title),
    ...told.map((change) => changeBlock(change, paint, chalk, style)),
    ...(told.length < changes.length
      ? [chalk.dim(`  ${changes.length - told.length} more; --verbose tells each of them, as --report json does.`)]
      : []),
  ].join('\n');
}

function changeBlock(change: FindingChange, paint: ChalkInstance, chalk: ChalkInstance, { width }: Style): string {
  const { before, after, check, subject } = change;
  const row = (name: string, text: string | undefined) =>
    text === undefined
      ? []
      : wrap(text, width - 14).map((line, nth) => `    ${chalk.dim((nth === 0 ? name : '').padEnd(9))} ${line}`);
  const one = after ?? before;
  const where = one?.where;
  return [
    `  ${paint(transitionWords(change))} ${chalk.bold(check)} ${safe(subject)}`,
    ...wrap(one?.message ?? '', width - 4).map((line) => `    ${line}`),
    ...row('before', after === undefined || before?.message === after.message ? undefined : before?.message),
    ...row('where', where === undefined ? undefined : formatLocation(where)),
    ...row('observed', after?.observed),
    ...row('waived', after?.waiver?.reason),
    ...row('fix', after?.outcome === 'fail' ? after.fix : undefined),
  ].join('\n');
}

function itemsBlock(items: readonly ItemFlip[], chalk: ChalkInstance, { width }: Style): string {
  if (items.length === 0) return '';
  const word = (state: ItemState | undefined) =>
    state === undefined ? '· absent' : `${STATES[state].mark} ${STATES[state].word}`;
  return [
    chalk.bold('Items'),
    ...items.flatMap((item) => [
      `  ${item.id.padEnd(5)}${item.name.padEnd(22)}${word(item.before)} → ${item.after === undefined ? word(undefined) : chalk[STATES[item.after].color](word(item.after))}`,
      ...wrap(becauseWords(item), width - 7).map((line) => chalk.dim(`       ${line}`)),
    ]),
  ].join('\n');
}
