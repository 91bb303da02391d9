import type { Outcome, Severity } from '../../core/check.ts';
import type { ItemState } from '../../core/checklist.ts';
import type { ReportVerdict } from '../../core/report.ts';
import { ITEM_STATE_WORDS } from '../telling.ts';

/** A sign and a word, so that no state is told by its colour alone. */
interface Mark {
  readonly sign: string;
  readonly word: string;
  /** The class that gives it its colour. */
  readonly tone: 'good' | 'bad' | 'open' | 'calm';
}

const SIGNS: Readonly<Record<ItemState, Pick<Mark, 'sign' | 'tone'>>> = {
  done: { sign: '✔', tone: 'good' },
  todo: { sign: '✘', tone: 'bad' },
  unknown: { sign: '?', tone: 'open' },
  manual: { sign: '☐', tone: 'open' },
  'not-applicable': { sign: '–', tone: 'calm' },
};

const OUTCOMES: Readonly<Record<Exclude<Outcome, 'fail'>, Mark>> = {
  pass: { sign: '✔', word: 'passed', tone: 'good' },
  unknown: { sign: '?', word: 'unknown', tone: 'open' },
  waived: { sign: '~', word: 'waived', tone: 'calm' },
  'not-applicable': { sign: '–', word: 'not applicable', tone: 'calm' },
};

const SEVERITIES: Readonly<Record<Severity, Mark>> = {
  error: { sign: '✘', word: 'error', tone: 'bad' },
  warning: { sign: '!', word: 'warning', tone: 'open' },
  note: { sign: 'i', word: 'note', tone: 'calm' },
};

const VERDICTS: Readonly<Record<ReportVerdict, Pick<Mark, 'sign' | 'tone'>>> = {
  ready: { sign: '✔', tone: 'good' },
  'not-ready': { sign: '✘', tone: 'bad' },
  unusable: { sign: '✘', tone: 'bad' },
  unknown: { sign: '?', tone: 'open' },
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
  return `<span class="mark ${tone}"><span class="sign" aria-hidden="true">${sign}</span> ${word}</span>`;
}
