import { Chalk, type ChalkInstance } from 'chalk';
import type { ItemState } from '../core/checklist.ts';
import { formatLocation } from '../core/location.ts';
import type { Report, ReportFinding, ReportItem } from '../core/report.ts';
import { tellTimeline } from '../core/timeline.ts';
import { padTo } from './columns.ts';
import { safe, wrap } from './layout.ts';
import type { Reporter, Style } from './reporter.ts';
import {
  applicationWords,
  countsOf,
  isOpen,
  openItemsOf,
  signatureWords,
  sourceWords,
  verdictWords,
  worstFirst,
} from './telling.ts';
import { explanations } from './text-explain.ts';
import { groupBlock, headed, labelOf, painted } from './text-findings.ts';

/** Told by its mark and its word; the colour only helps those who see it. */
export const STATES: Readonly<
  Record<
    ItemState,
    { readonly mark: string; readonly word: string; readonly color: 'green' | 'red' | 'yellow' | 'cyan' | 'gray' }
  >
> = {
  done: { mark: '✔', word: 'done', color: 'green' },
  todo: { mark: '✘', word: 'to do', color: 'red' },
  unknown: { mark: '?', word: 'unknown', color: 'yellow' },
  manual: { mark: '☐', word: 'manual', color: 'cyan' },
  'not-applicable': { mark: '–', word: 'not applicable', color: 'gray' },
};

/** A service, its database, backups and routes are fewer. */
const MAX_ROLES = 12;
/** Of what a check says alike of many objects, so many are told in full, and the others counted. */
const MAX_ALIKE = 10;
/** Who has more looks at one of them, or at a report for machines. */
const MAX_APPLICATIONS = 50;

/** In columns: what stands before the title of an item. */
const ITEM_LEAD = 48;
/** A terminal that is narrower has the title of an item below it. */
const NARROW = 76;

/** The report for a person at a terminal: what is wrong first, then the checklist, then one sentence with the verdict. */
export const textReporter: Reporter = function* (report, style, findCheck) {
  const chalk = new Chalk({ level: style.color ? 1 : 0 });
  if (style.quiet === true) {
    yield* quietReport(report, chalk, style);
    return;
  }
  const explained = style.explain === true ? explanations(findCheck, chalk, style) : undefined;
  const told = worstFirst(report.findings.filter((one) => style.verbose || isOpen(one)));
  const more = style.verbose ? [] : beyond(told);
  for (const group of style.verbose ? told.map((one) => [one]) : alike(told, more))
    yield `${groupBlock(group, chalk, style, explained)}\n\n`;
  const unexplained = explained?.rest() ?? '';
  if (unexplained !== '') yield `${unexplained}\n\n`;
  if (more.length > 0) yield `${moreBlock(more, chalk, style)}\n\n`;
  const blocks = [
    sourceBlock(report, chalk, style),
    timelineBlock(report, chalk, style),
    rolesBlock(report, chalk, style),
    report.command === 'checklist' ? checklistBlock(report, chalk, style) : itemsBlock(report, chalk, style),
    applicationsBlock(report, chalk, style),
    verdictBlock(report, chalk, style),
  ];
  yield `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
};

/** What one gap leaves unknown for many checks is told once, and what a check says of very many objects of a few of them. */
function* alike(findings: readonly ReportFinding[], many: readonly Many[]): Generator<readonly ReportFinding[]> {
  const gapOf = ({ source, subject, message }: ReportFinding) => `${source}\n${subject}\n${message}`;
  const groups = Map.groupBy(
    findings.filter(({ outcome }) => outcome === 'unknown'),
    gapOf,
  );
  const left = new Set(many.flatMap(({ rest }) => rest));
  for (const one of findings) {
    const group = one.outcome === 'unknown' ? (groups.get(gapOf(one)) ?? []) : [one];
    if (group[0] === one && !left.has(one)) yield group;
  }
}

/** The same fault of many objects. */
interface Many {
  readonly first: ReportFinding;
  /** Those that are not told in full. */
  readonly rest: readonly ReportFinding[];
}

function beyond(findings: readonly ReportFinding[]): readonly Many[] {
  const faults = Map.groupBy(findings, ({ check, outcome, severity, message }) =>
    [check, outcome, severity, message].join('\n'),
  );
  return [...faults.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined || all.length <= MAX_ALIKE ? [] : [{ first, rest: all.slice(MAX_ALIKE) }];
  });
}

function moreBlock(many: readonly Many[], chalk: ChalkInstance, { width }: Style): string {
  const count = (findings: readonly ReportFinding[]) => findings.length.toLocaleString('en');
  return [
    ...many.flatMap(({ first, rest }) =>
      wrap(`${count(rest)} more: ${first.check}: ${first.message}`, width - 2).map((line, nth) =>
        nth === 0 ? line : `  ${line}`,
      ),
    ),
    ...wrap('--verbose tells each of them, as reports for machines do: --report json=FILE.', width).map((line) =>
      chalk.dim(line),
    ),
  ].join('\n');
}

/** What is open in a line each, and the verdict. */
function* quietReport(report: Report, chalk: ChalkInstance, style: Style): Generator<string> {
  for (const finding of worstFirst(report.findings.filter(isOpen))) {
    const { check, subject, message, where } = finding;
    const place = where === undefined ? '' : ` (${formatLocation(where)})`;
    const lines = headed(`${labelOf(finding)} ${check}`, `${subject}: ${message}${place}`, style.width, () =>
      [painted(finding, chalk), chalk.bold(safe(check))].join(' '),
    );
    yield `${lines.join('\n')}\n`;
  }
  const gaps = sourceBlock(report, chalk, style);
  if (gaps !== '') yield `${gaps}\n`;
  yield `${verdictLines(report, chalk, style).join('\n')}\n`;
}

function sourceBlock({ sources }: Report, chalk: ChalkInstance, { width }: Style): string {
  return sources
    .flatMap(({ notSeen }) =>
      notSeen.flatMap(({ what, reason, where }) =>
        wrap(`${where === undefined ? what : formatLocation(where)}: ${reason}.`, width - 10).map((line, nth) =>
          nth === 0 ? `${chalk.yellow('not seen')}  ${line}` : `          ${line}`,
        ),
      ),
    )
    .join('\n');
}

/** A line for each change, in the order of time. */
function timelineBlock({ timelines = [] }: Report, chalk: ChalkInstance, { width }: Style): string {
  return timelines
    .map((timeline) =>
      [
        ...wrap(timeline.title, width).map((line) => chalk.bold(line)),
        ...tellTimeline(timeline).flatMap((told) =>
          wrap(told, width - 4).map((line, nth) => `${nth === 0 ? '  ' : '    '}${line}`),
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

/** What the verdicts are about, and why that was thought; the configuration overrules it. */
function rolesBlock({ roles }: Report, chalk: ChalkInstance, { width, verbose }: Style): string {
  if (roles.length > MAX_ROLES && !verbose)
    return wrap(`${roles.length} objects play a role; --verbose tells which and why.`, width)
      .map((line) => chalk.dim(line))
      .join('\n');
  return roles
    .flatMap(({ role, subject, why }) =>
      wrap(`${subject}: ${why}`, width - 15).map((line, nth) =>
        chalk.dim(`${(nth === 0 ? role : '').padEnd(14)} ${line}`),
      ),
    )
    .join('\n');
}

function itemsBlock({ items }: Report, chalk: ChalkInstance, style: Style): string {
  return items.map((item) => itemLine(item, chalk, style)).join('\n');
}

function itemLine(
  { id, name, state, findings, title, missing }: ReportItem,
  chalk: ChalkInstance,
  { width }: Style,
): string {
  const { mark, word, color } = STATES[state];
  const count = findings.length === 0 ? '' : String(findings.length);
  const lead = `${chalk[color](mark)} ${padTo(safe(id), 5)}${padTo(safe(name), 22)}${chalk[color](word.padEnd(15))}${count.padStart(3)}`;
  const text = state === 'unknown' && missing !== undefined ? missing : title;
  const isNarrow = width < NARROW;
  const indent = isNarrow ? 7 : ITEM_LEAD;
  const lines = wrap(text, width - indent).map((line) => chalk.dim(line));
  if (isNarrow) return [lead, ...lines.map((line) => ' '.repeat(indent) + line)].join('\n');
  return lines.map((line, nth) => (nth === 0 ? `${lead} ${line}` : ' '.repeat(indent) + line)).join('\n');
}

/** The people of an item: whose it is, and who signed it. */
function personLines({ owner, signature }: ReportItem, chalk: ChalkInstance, { width }: Style): readonly string[] {
  const row = (text: string, paint: (line: string) => string) =>
    wrap(text, width - 9).map((line, nth) => paint(`       ${nth === 0 ? '•' : ' '} ${line}`));
  return [
    ...(owner === undefined ? [] : row(`Owner: ${owner}`, chalk.dim)),
    ...(signature === undefined
      ? []
      : row(signatureWords(signature), signature.state === 'valid' ? chalk.cyan : chalk.yellow)),
  ];
}

/** The checklist as a person signs it: each item under its section, with its evidence. */
function checklistBlock({ items, findings }: Report, chalk: ChalkInstance, style: Style): string {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const lines: string[] = [];
  let section = '';
  for (const item of items) {
    if (item.section !== section) {
      section = item.section;
      lines.push(lines.length === 0 ? chalk.bold(section) : `\n${chalk.bold(section)}`);
    }
    lines.push(itemLine(item, chalk, style), ...personLines(item, chalk, style));
    const evidence = item.findings.map((id) => byId.get(id)).filter((finding) => finding !== undefined);
    for (const finding of evidence
      .filter(({ outcome }) => outcome !== 'not-applicable')
      .slice(0, style.verbose ? undefined : 3))
      lines.push(
        ...wrap(
          `${finding.source} ${finding.check}: ${finding.message}${finding.where === undefined ? '' : ` (${formatLocation(finding.where)})`}`,
          style.width - 9,
        ).map((line, nth) =>
          chalk.dim(
            `       ${nth === 0 ? (finding.outcome === 'pass' ? '+' : finding.outcome === 'fail' ? '-' : '?') : ' '} ${line}`,
          ),
        ),
      );
  }
  return lines.join('\n');
}

/** What each of several applications still needs; of a single one that was chosen, what it was taken for. */
function applicationsBlock({ applications = [], findings }: Report, chalk: ChalkInstance, style: Style): string {
  if (applications.length === 0) return '';
  if (applications.length > MAX_APPLICATIONS && !style.verbose) return countedBlock(applications, chalk, style);
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  return applications
    .map((application) => {
      const { subjects, why, items } = application;
      const done = items.filter(({ state }) => state === 'done').length;
      const what = applications.length === 1 ? [] : openItemsOf(application, byId);
      const name = safe(applicationWords(application));
      const head = `${verdictWords(application)}, ${done} of ${items.length} items done`;
      return [
        ...wrap(`${name}: ${head}`, style.width - 2).map((line, nth) =>
          nth === 0 && line.startsWith(name)
            ? chalk.bold(name) + line.slice(name.length)
            : `${nth === 0 ? '' : '  '}${line}`,
        ),
        ...wrap(`${subjects.join(', ')}: ${why}`, style.width - 2).map((line) => chalk.dim(`  ${line}`)),
        ...what.map(({ item, reason }) => itemLine({ ...item, title: reason }, chalk, style)),
      ].join('\n');
    })
    .join('\n\n');
}

function countedBlock(
  applications: NonNullable<Report['applications']>,
  chalk: ChalkInstance,
  { width }: Style,
): string {
  const counts = [...Map.groupBy(applications, verdictWords)].map(
    ([words, alikes]) => `${alikes.length.toLocaleString('en')} ${words.toLowerCase()}`,
  );
  return wrap(
    `${applications.length.toLocaleString('en')} applications: ${counts.join(', ')}; --app NAME tells of one of them, --verbose of each.`,
    width,
  )
    .map((line) => chalk.dim(line))
    .join('\n');
}

function verdictBlock(report: Report, chalk: ChalkInstance, style: Style): string {
  const { sources, command } = report;
  const targets = sources.map((source) => `${source.name} ${safe(sourceWords(source))}`).join('; ');
  return [
    ...verdictLines(report, chalk, style),
    ...wrap(`${command} of ${targets}`, style.width).map((line) => chalk.dim(line)),
  ].join('\n');
}

function verdictLines(report: Report, chalk: ChalkInstance, { width }: Style): readonly string[] {
  const { exitCode, verdict } = report.summary;
  const paint = {
    ready: chalk.green.bold,
    'not-ready': chalk.red.bold,
    unusable: chalk.red.bold,
    unknown: chalk.yellow.bold,
  }[verdict];
  const words = verdictWords(report);
  return headed(`${words}:`, `${countsOf(report)} (exit code ${exitCode}).`, width, () => `${paint(words)}:`);
}
