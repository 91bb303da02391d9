import type { Flip, TargetHistory, Trend } from '../core/history.ts';
import type { ReportVerdict } from '../core/report.ts';

/** A character and a word for each verdict, readable without colour. */
export const VERDICTS: Readonly<Record<ReportVerdict, { readonly mark: string; readonly word: string }>> = {
  ready: { mark: '✔', word: 'ready' },
  'not-ready': { mark: '✘', word: 'not ready' },
  unknown: { mark: '?', word: 'not proven' },
  unusable: { mark: '!', word: 'unusable' },
};

/** Where a report does not have the item. */
export const ABSENT_MARK = '·';

/** `2026-11-28 08:00`, in UTC. */
export function timeWords(iso: string): string {
  return new Date(iso).toISOString().slice(0, 16).replace('T', ' ');
}

/** The two largest units: `3 d 4 h`, `5 min`. */
export function durationWords(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const;
  let left = seconds;
  const parts: string[] = [];
  for (const [length, unit] of units) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** `to do since 2026-11-28 08:00 (3 d), was done`; without a flip, for as long as is known. */
export function trendWords<State extends string>(
  { state, since, forSeconds, flips }: Trend<State>,
  wordOf: (state: State) => string,
): string {
  const last: Flip<State> | undefined = flips.at(-1);
  const duration = forSeconds === 0 ? '' : ` (${durationWords(forSeconds)})`;
  return `${wordOf(state)} since ${timeWords(since)}${duration}${last === undefined ? '' : `, was ${wordOf(last.from)}`}`;
}

/** One sentence about the whole. */
export function wholeWords({ readySince, verdict, reports }: TargetHistory): string {
  const count = `${reports.length} ${reports.length === 1 ? 'report' : 'reports'}`;
  if (readySince !== undefined) return `${count}; ready since ${timeWords(readySince)}.`;
  const last = verdict.flips.findLast(({ from }) => from === 'ready');
  return `${count}; ${VERDICTS[verdict.state].word} since ${timeWords(verdict.since)}, ${last === undefined ? 'and never ready before' : `ready last in ${last.before}`}.`;
}
