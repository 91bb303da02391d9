import type { History, StoryPoint, TargetHistory } from '../core/history.ts';
import { formatLocation } from '../core/location.ts';
import type { HistoryReporter } from './history-reporter.ts';
import { ABSENT_MARK, durationWords, timeWords, VERDICTS, wholeWords } from './history-telling.ts';
import { code, plain, stateWords } from './markdown.ts';
import { STATES as MARKS } from './text.ts';

/** A cell that is wider cannot be read. */
const MAX_MARKS = 30;

/** For a wiki or the summary of a job. */
export const historyMarkdownReporter: HistoryReporter = (history) => {
  const parts = [
    '# qna-ready history',
    ...(history.stories.length > 0 ? history.stories.flatMap(storyParts) : history.targets.flatMap(targetParts)),
    ...(history.unreadable.length === 0
      ? []
      : ['## Not read', history.unreadable.map((sentence) => `- ${plain(sentence)}`).join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
};

function targetParts(history: TargetHistory): readonly string[] {
  const { target, items, verdict } = history;
  const marks = (all: readonly string[]) =>
    code(`${all.length > MAX_MARKS ? '…' : ''}${all.slice(-MAX_MARKS).join('')}`);
  const rows = items.map(
    ({ id, title, states, state, since, forSeconds }) =>
      `| ${id} | ${plain(title)} | ${marks(states.map((one) => (one === null ? ABSENT_MARK : MARKS[one].mark)))} | ${stateWords(state)} | ${timeWords(since)} | ${durationWords(forSeconds)} |`,
  );
  const whole = marks(verdict.states.map((one) => (one === null ? ABSENT_MARK : VERDICTS[one].mark)));
  return [
    `## ${plain(target)}`,
    plain(wholeWords(history)),
    [
      '| | item | oldest to newest | state | since | for |',
      '| --- | --- | --- | --- | --- | --- |',
      `| | the whole | ${whole} | ${VERDICTS[verdict.state].word} | ${timeWords(verdict.since)} | ${durationWords(verdict.forSeconds)} |`,
      ...rows,
    ].join('\n'),
  ];
}

function storyParts({ target, item, title, points }: History['stories'][number]): readonly string[] {
  return [`## ${item} ${plain(title)}`, `${plain(target)}.`, points.map(pointEntry).join('\n')];
}

function pointEntry({ at, report, from, to, evidence, missing }: StoryPoint): string {
  return [
    `- ${timeWords(at)}: ${from === undefined ? '' : `${stateWords(from)} → `}${stateWords(to)}, ${code(report)}`,
    ...evidence.map(
      ({ outcome, severity, check, subject, message, where }) =>
        `  - **${outcome === 'fail' ? severity : outcome}** ${code(check)} ${code(subject)}: ${plain(message)}${where === undefined ? '' : ` ${plain(formatLocation(where))}`}`,
    ),
    ...(missing === undefined ? [] : [`  - ${plain(missing)}`]),
  ].join('\n');
}
