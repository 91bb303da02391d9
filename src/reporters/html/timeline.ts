import {
  stateOf,
  type Timeline,
  type TimelineSample,
  type TimelineSeries,
  transitionsOf,
} from '../../core/timeline.ts';
import { counted, text } from './escape.ts';

/** In units of the drawing. */
const [LEFT, WIDTH, BAND, GAP, TOP] = [120, 780, 30, 12, 26];
/** A label of a band takes this much for each character. */
const CHARACTER = 7;
const MOST_TICKS = 10;

/** A stretch of time in which a series showed the same. */
interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly state: string;
  readonly tone: 'good' | 'bad' | 'none';
}

/** What endpoints answered over time, as bands with the events across them, and as the table of the same. */
export function timelineSection({ timelines = [] }: { readonly timelines?: readonly Timeline[] }): string {
  if (timelines.length === 0) return '';
  return `<section id="timelines" aria-labelledby="timelines-title">
<h2 id="timelines-title">What happened over time</h2>
${timelines.map(timelineFigure).join('\n')}
</section>
`;
}

function timelineFigure(timeline: Timeline, number: number): string {
  const { title, startedAt, series, marks } = timeline;
  const samples = series.reduce((sum, one) => sum + one.samples.length, 0);
  const words = `${counted(samples, 'answer')} in ${counted(series.length, 'series', 'series')}, ${counted(marks.length, 'event')}.`;
  const rows = eventsOf(timeline).map(
    ({ atMs, who, words: told }) =>
      `<tr><th scope="row">${seconds(atMs)}</th><td>${text(who)}</td><td>${text(told)}</td></tr>`,
  );
  const legend = marks.map(({ atMs, words: told }) => `<li>${text(told)} (${seconds(atMs)})</li>`);
  return `<h3>${text(title)}</h3>
<p>${words} The clock began at <time datetime="${text(startedAt)}">${text(startedAt)}</time>.</p>
<div class="scroll figure" role="region" aria-label="Over time, drawn: ${text(title)}" tabindex="0">
${drawing(timeline, number, `${words} The table below tells the same.`)}
</div>
${legend.length === 0 ? '' : `<ol class="events">${legend.join('\n')}</ol>\n`}<details><summary>The same as a table</summary>
<div class="scroll" role="region" aria-label="Over time: ${text(title)}" tabindex="0"><table>
<caption>Every event and every change, in the order of time</caption>
<thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Shows</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></details>`;
}

function eventsOf({ series, marks }: Timeline) {
  const first = series.flatMap(({ name, samples: [sample] }) =>
    sample === undefined ? [] : [{ atMs: sample.atMs, who: name, words: stateOf(sample) }],
  );
  const changes = series
    .flatMap(transitionsOf)
    .map(({ series: who, atMs, from, to }) => ({ atMs, who, words: `${from} → ${to}` }));
  const done = marks.map(({ atMs, words }) => ({ atMs, who: 'event', words }));
  return [...first, ...done, ...changes].toSorted((a, b) => a.atMs - b.atMs);
}

function drawing({ title, series, marks }: Timeline, number: number, words: string): string {
  const ends = series.flatMap(({ samples }) => samples.map(({ atMs, durationMs }) => atMs + durationMs));
  // A run can have many thousand answers, more than a call takes arguments.
  const endMs = [...ends, ...marks.map(({ atMs }) => atMs)].reduce((most, atMs) => Math.max(most, atMs), 1);
  const x = (atMs: number) => round(LEFT + (atMs / endMs) * WIDTH);
  const bottom = TOP + series.length * (BAND + GAP);
  const ticks = ticksOf(endMs).map(
    (atMs) =>
      `<path class="tick" d="M${x(atMs)} ${TOP - 4}V${bottom}"/><text class="tick" x="${x(atMs)}" y="${bottom + 16}" text-anchor="middle">${seconds(atMs)}</text>`,
  );
  const bands = series.map((one, row) => band(one, TOP + row * (BAND + GAP), x, number));
  const flags = marks.map(
    ({ atMs, words: told }, index) =>
      `<g class="event"><title>${text(told)}</title><path d="M${x(atMs)} ${TOP - 8}V${bottom}"/><circle cx="${x(atMs)}" cy="${TOP - 14}" r="9"/><text x="${x(atMs)}" y="${TOP - 10}" text-anchor="middle">${index + 1}</text></g>`,
  );
  return `<svg role="img" aria-labelledby="time-${number}-title time-${number}-words" width="${LEFT + WIDTH + 30}" height="${bottom + 26}" viewBox="0 0 ${LEFT + WIDTH + 30} ${bottom + 26}">
<title id="time-${number}-title">${text(title)}</title>
<desc id="time-${number}-words">${text(words)}</desc>
<defs><pattern id="hatch-${number}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V8"/></pattern><pattern id="dots-${number}" width="7" height="7" patternUnits="userSpaceOnUse"><circle class="dots" cx="2" cy="2" r="1.3"/></pattern></defs>
${ticks.join('\n')}
${bands.join('\n')}
${flags.join('\n')}
</svg>`;
}

function band(series: TimelineSeries, y: number, x: (atMs: number) => number, number: number): string {
  const parts = stretchesOf(series).map(({ fromMs, untilMs, state, tone }) => {
    const [left, width] = [x(fromMs), Math.max(2, round(x(untilMs) - x(fromMs)))];
    const rect = `x="${left}" y="${y}" width="${width}" height="${BAND}"`;
    const pattern =
      tone === 'good' ? '' : `<rect ${rect} fill="url(#${tone === 'bad' ? 'hatch' : 'dots'}-${number})"/>`;
    const fits = width > state.length * CHARACTER + 8;
    const label = fits ? `<text class="state" x="${left + 6}" y="${y + 20}">${text(state)}</text>` : '';
    return `<g class="stretch ${tone}"><title>${text(series.name)} ${text(state)}, ${seconds(fromMs)} to ${seconds(untilMs)}</title><rect ${rect}/>${pattern}${label}</g>`;
  });
  return `<text x="${LEFT - 10}" y="${y + 20}" text-anchor="end">${text(series.name)}</text>${parts.join('')}`;
}

function stretchesOf({ samples }: TimelineSeries): readonly Stretch[] {
  const found: { fromMs: number; untilMs: number; state: string; tone: Stretch['tone'] }[] = [];
  for (const sample of samples) {
    const last = found.at(-1);
    const [state, endMs] = [stateOf(sample), sample.atMs + sample.durationMs];
    if (last !== undefined) last.untilMs = last.state === state ? endMs : sample.atMs;
    if (last?.state !== state) found.push({ fromMs: sample.atMs, untilMs: endMs, state, tone: toneOf(sample) });
  }
  return found;
}

/** Words stand where there is no status: only an open port is well by them. */
function toneOf({ status, words }: TimelineSample): Stretch['tone'] {
  if (words !== undefined) return words === 'open' ? 'good' : 'none';
  if (status === undefined) return 'none';
  return status < 400 ? 'good' : 'bad';
}

/** At round times, no more than fit. */
function ticksOf(endMs: number): readonly number[] {
  const rough = endMs / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  return Array.from({ length: Math.floor(endMs / step) + 1 }, (_, index) => index * step);
}

function seconds(atMs: number): string {
  return `${Number((atMs / 1000).toFixed(2))} s`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
