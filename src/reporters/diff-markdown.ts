import type { ItemState } from '../core/checklist.ts';
import { formatLocation } from '../core/location.ts';
import type { FindingChange, ItemFlip } from '../core/report-diff.ts';
import type { DiffReporter } from './diff-reporter.ts';
import {
  becauseWords,
  changeGroups,
  diffVerdict,
  furtherSentences,
  headWords,
  oneSidedSentences,
  transitionWords,
} from './diff-telling.ts';
import { code, plain, stateWords } from './markdown.ts';

/** For a pull request or the summary of a job. */
export const diffMarkdownReporter: DiffReporter = (diff, { verbose }) => {
  const further = [...furtherSentences(diff), ...oneSidedSentences(diff)];
  const parts = [
    '# qna-ready diff',
    plain(diffVerdict(diff)),
    [diff.before, diff.after].map((head) => `- ${plain(headWords(head))}`).join('\n'),
    ...(diff.cautions.length === 0 ? [] : [diff.cautions.map((caution) => `> ${plain(caution)}`).join('\n>\n')]),
    ...changeGroups(diff, verbose).flatMap(({ title, changes }) => [`## ${title}`, changes.map(entry).join('\n')]),
    ...(diff.items.length === 0
      ? []
      : [
          '## Items',
          ['| | item | before | after | because |', '| --- | --- | --- | --- | --- |', ...diff.items.map(row)].join(
            '\n',
          ),
        ]),
    ...(further.length === 0 ? [] : ['## Beside that', further.map((sentence) => `- ${plain(sentence)}`).join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
};

function entry(change: FindingChange): string {
  const { before, after, check, subject } = change;
  const one = after ?? before;
  return [
    `- **${transitionWords(change)}** ${code(check)} ${code(subject)}: ${plain(one?.message ?? '')}`,
    ...(after === undefined || before === undefined || before.message === after.message
      ? []
      : [`  - Before: ${plain(before.message)}`]),
    ...(one?.where === undefined ? [] : [`  - Where: ${plain(formatLocation(one.where))}`]),
    ...(after?.outcome === 'fail' && after.fix !== undefined ? [`  - Fix: ${plain(after.fix)}`] : []),
  ].join('\n');
}

function row(item: ItemFlip): string {
  const word = (state: ItemState | undefined) => (state === undefined ? 'absent' : stateWords(state));
  return `| ${item.id} | ${plain(item.title)} | ${word(item.before)} | ${word(item.after)} | ${plain(becauseWords(item))} |`;
}
