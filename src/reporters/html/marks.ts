import type { Outcome, Severity } from '../../core/check.ts';
import type { ItemState } from '../../core/checklist.ts';
import type { ReportVerdict } from '../../core/report.ts';
import { ITEM_STATE_WORDS } from '../telling.ts';

/** A word, before which the style puts a sign, so that no state is told by its colour alone. */
interface Mark {
  readonly sign: 'yes' | 'no' | 'ask' | 'box' | 'dash' | 'mind' | 'info';
  readonly word: string;
  /** Gives it its colour. */
  readonly tone: 'good' | 'bad' | 'open' | 'calm';
}

const SIGNS: Readonly<Record<ItemState, Pick<Mark, 'sign' | 'tone'>>> = {
  done: { sign: 'yes', tone: 'good' },
  todo: { sign: 'no', tone: 'bad' },
  unknown: { sign: 'ask', tone: 'open' },
  manual: { sign: 'box', tone: 'open' },
  'not-applicable': { sign: 'dash', tone: 'calm' },
};

const OUTCOMES: Readonly<Record<Exclude<Outcome, 'fail'>, Mark>> = {
  pass: { sign: 'yes', word: 'passed', tone: 'good' },
  unknown: { sign: 'ask', word: 'unknown', tone: 'open' },
  waived: { sign: 'dash', word: 'waived', tone: 'calm' },
  'not-applicable': { sign: 'dash', word: 'not applicable', tone: 'calm' },
};

const SEVERITIES: Readonly<Record<Severity, Mark>> = {
  error: { sign: 'no', word: 'error', tone: 'bad' },
  warning: { sign: 'mind', word: 'warning', tone: 'open' },
  note: { sign: 'info', word: 'note', tone: 'calm' },
};

const VERDICTS: Readonly<Record<ReportVerdict, Pick<Mark, 'sign' | 'tone'>>> = {
  ready: { sign: 'yes', tone: 'good' },
  'not-ready': { sign: 'no', tone: 'bad' },
  unusable: { sign: 'no', tone: 'bad' },
  unknown: { sign: 'ask', tone: 'open' },
};

export function itemMark(state: ItemState): string {
  return toMark({ ...SIGNS[state], word: ITEM_STATE_WORDS[state] });
}

/** A failure is told by how much it weighs. */
export function findingMark({ outcome, severity }: { readonly outcome: Outcome; readonly severity: Severity }): string {
  return toMark(outcome === 'fail' ? SEVERITIES[severity] : OUTCOMES[outcome]);
}

export function verdictMark(verdict: ReportVerdict, words: string): string {
  return toMark({ ...VERDICTS[verdict], word: words });
}

function toMark({ sign, word, tone }: Mark): string {
  return `<b class="${sign} ${tone}">${word}</b>`;
}
