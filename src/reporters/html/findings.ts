import type { Outcome } from '../../core/check.ts';
import { formatLocation } from '../../core/location.ts';
import type { ReportFinding } from '../../core/report.ts';
import type { FindCheck } from '../reporter.ts';
import { waiverWords } from '../telling.ts';
import { checkAnchor } from './anchors.ts';
import { code, counted, text } from './escape.ts';
import { type CheckGroup, type Fault, isQuiet, numberOf } from './faults.ts';
import { findingMark } from './marks.ts';

/** What the rows of a page are made with. */
export interface Page {
  /** By the id of a finding. */
  readonly anchors: ReadonlyMap<string, string>;
  /** The numbers of the applications that a finding belongs to, by its id. */
  readonly owners: ReadonlyMap<string, readonly number[]>;
  /** The numbers of the sections, by title. */
  readonly sections: ReadonlyMap<string, number>;
  readonly findCheck: FindCheck;
}

/** The findings, those that somebody has to look at first; piece by piece, because there can be a hundred thousand. */
export function* findingSections(groups: readonly CheckGroup[], page: Page): Generator<string> {
  const open = groups.filter((group) => group.open.length > 0);
  const settled = groups.filter((group) => group.open.length === 0);
  if (open.length > 0) {
    yield '<section id="open" aria-labelledby="open-title">\n<h2 id="open-title">What is open</h2>\n';
    for (const group of open) yield* checkSection(group, page);
    yield '</section>\n';
  }
  if (settled.length === 0) return;
  yield '<section id="settled" aria-labelledby="settled-title">\n<h2 id="settled-title">What is settled</h2>\n';
  for (const group of settled) yield* checkSection(group, page);
  yield '</section>\n';
}

function* checkSection(group: CheckGroup, page: Page): Generator<string> {
  const { check, open, settled } = group;
  const meta = page.findCheck(check);
  const sections = [...group.sections].map((section) => page.sections.get(section)).join(' ');
  const title = meta === undefined ? '' : ` <span class="title">${text(meta.title)}</span>`;
  yield `<section class="check${open.length > 0 ? '' : ' quiet'}" id="${checkAnchor(check)}" data-sections="${sections}">\n`;
  const heading = `<h3>${code(check)}${title}</h3>`;
  if (open.length > 0) yield `${heading}\n`;
  for (const fault of open) yield* faultBlock(fault, group, page);
  // What was waived has a fix too.
  const advice = definitions([
    ['Fix', group.fix === undefined ? undefined : text(group.fix)],
    ['Why', meta === undefined || open.length === 0 ? undefined : text(meta.why)],
    ['See', link(group.docs)],
  ]);
  if (open.length > 0) yield advice;
  if (settled.length > 0) {
    yield `<details class="settled"><summary>${open.length > 0 ? '' : `${heading} `}${outcomesOf(settled)}</summary>\n`;
    for (const fault of settled) yield* faultBlock(fault, group, page);
    yield `${open.length > 0 ? '' : advice}</details>\n`;
  }
  yield '</section>\n';
}

function* faultBlock({ shared, findings }: Fault, group: CheckGroup, page: Page): Generator<string> {
  const { outcome, severity, message, observed, expected, fix, docs, waiver } = shared;
  yield `<div class="fault ${outcome}${outcome === 'fail' ? ` ${severity}` : ''}" data-severity="${severity}">
<p class="message">${findingMark(shared)} ${text(message)}</p>
<ul class="subjects">
`;
  for (const finding of findings) yield row(finding, shared, page);
  yield `</ul>\n${definitions([
    ['Observed', observed === undefined ? undefined : text(observed)],
    ['Expected', expected === undefined ? undefined : text(expected)],
    ['Waived', waiver === undefined ? undefined : text(waiverWords(waiver))],
    ['Fix', fix === undefined || fix === group.fix ? undefined : text(fix)],
    ['See', docs === group.docs ? undefined : link(docs)],
  ])}</div>\n`;
}

function row(finding: ReportFinding, shared: ReportFinding, { anchors, owners }: Page): string {
  const { id, subject, command, observed, expected } = finding;
  const anchor = anchors.get(id) ?? '';
  const own = owners.get(id);
  const quiet = isQuiet(finding);
  // A page is mostly of what passed, and would be twice as long with a link and a command for each of it.
  const beside = [
    placeOf(finding),
    observed === shared.observed || observed === undefined ? undefined : `observed ${observed}`,
    expected === shared.expected || expected === undefined ? undefined : `expected ${expected}`,
  ].filter((words) => words !== undefined);
  const parts = [
    quiet ? text(subject) : `<a href="#${anchor}">${text(subject)}</a>`,
    ...(beside.length === 0 ? [] : [`<small>${text(beside.join('; '))}</small>`]),
    ...(command === undefined || quiet ? [] : [code(command)]),
  ];
  return `<li id="${anchor}"${own === undefined ? '' : ` data-a="${own.join(' ')}"`}>${parts.join(' ')}</li>\n`;
}

/** The place, without the object where the subject begins with it. */
function placeOf({ subject, where }: ReportFinding): string | undefined {
  if (where === undefined) return undefined;
  if (!('object' in where) || !subject.startsWith(where.object)) return formatLocation(where);
  return where.path === '' ? undefined : where.path;
}

/** `12 passed, 3 not applicable`. */
export function outcomesOf(faults: readonly Fault[]): string {
  // In the order in which they are told.
  const words: Readonly<Record<Outcome, string>> = {
    fail: 'failed',
    unknown: 'unknown',
    waived: 'waived',
    pass: 'passed',
    'not-applicable': 'not applicable',
  };
  return Object.entries(words)
    .map(([outcome, word]) => ({ word, count: numberOf(faults.filter(({ shared }) => shared.outcome === outcome)) }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => counted(count, word, word))
    .join(', ');
}

/** Names with what is told of them, which is markup; empty where nothing is. */
function definitions(rows: readonly (readonly [string, string | undefined])[]): string {
  const told = rows.filter(([, words]) => words !== undefined);
  if (told.length === 0) return '';
  return `<dl>${told.map(([name, words]) => `<dt>${name}</dt><dd>${words}</dd>`).join('')}</dl>\n`;
}

function link(address: string | undefined): string | undefined {
  if (address === undefined || !/^https:\/\//.test(address)) return undefined;
  return `<a rel="noreferrer" href="${text(address)}">${text(address)}</a>`;
}
