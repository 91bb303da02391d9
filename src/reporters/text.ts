import { Chalk, type ChalkInstance } from 'chalk';
import type { ItemState } from '../core/checklist.ts';
import { formatLocation } from '../core/location.ts';
import type { Report, ReportFinding, ReportItem } from '../core/report.ts';
import { tellTimeline } from '../core/timeline.ts';
import { safe, wrap } from './layout.ts';
import type { Reporter, Style } from './reporter.ts';
import {
  applicationWords,
  countsOf,
  isOpen,
  openItemsOf,
  sourceWords,
  verdictWords,
  waiverWords,
  worstFirst,
} from './telling.ts';

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

/** The report for a person at a terminal: what is wrong first, then the checklist, then one sentence with the verdict. */
export const textReporter: Reporter = function* (report, style) {
  const chalk = new Chalk({ level: style.color ? 1 : 0 });
  const told = worstFirst(report.findings.filter((one) => style.verbose || isOpen(one)));
  const more = style.verbose ? [] : beyond(told);
  for (const group of style.verbose ? told.map((one) => [one]) : alike(told, more))
    yield `${groupBlock(group, chalk, style)}\n\n`;
  if (more.length > 0) yield `${moreBlock(more, chalk, style)}\n\n`;
  const blocks = [
    sourceBlock(report, chalk, style),
    timelineBlock(report, chalk),
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
    chalk.dim('--verbose tells each of them, as reports for machines do: --report json=FILE.'),
  ].join('\n');
}

function groupBlock(group: readonly ReportFinding[], chalk: ChalkInstance, style: Style): string {
  const [first] = group;
  if (first === undefined) return '';
  if (group.length === 1) return findingBlock(first, chalk, style);
  const checks = group.map(({ check }) => check);
  return [
    `${chalk.yellow('unknown')} ${chalk.bold(`${checks.length} checks`)} ${safe(first.subject)}`,
    ...wrap(first.message, style.width - 2).map((line) => `  ${line}`),
    ...wrap(checks.join(', '), style.width - 2).map((line) => chalk.dim(`  ${line}`)),
  ].join('\n');
}

function findingBlock(finding: ReportFinding, chalk: ChalkInstance, style: Style): string {
  const { width } = style;
  const { outcome, severity, check, subject, message, where, observed, expected, fix, waiver } = finding;
  const command = finding.command ?? style.commandOf?.(finding);
  const label =
    outcome === 'fail'
      ? (severity === 'error' ? chalk.red.bold : severity === 'warning' ? chalk.yellow.bold : chalk.cyan.bold)(severity)
      : (outcome === 'unknown' ? chalk.yellow : outcome === 'pass' ? chalk.green : chalk.gray)(outcome);
  const row = (name: string, text: string | undefined, paint: (text: string) => string = (same) => same) =>
    text === undefined
      ? []
      : wrap(text, width - 12).map((line, nth) => `  ${chalk.dim((nth === 0 ? name : '').padEnd(9))} ${paint(line)}`);
  return [
    `${label} ${chalk.bold(check)} ${safe(subject)}`,
    ...wrap(message, width - 2).map((line) => `  ${line}`),
    ...row('where', where === undefined ? undefined : formatLocation(where), chalk.cyan),
    ...(outcome === 'fail' ? frameOf(where, chalk, style) : []),
    ...row('observed', observed),
    ...row('expected', expected),
    // In one piece however long it is, so that it can be copied.
    ...(command === undefined ? [] : [`  ${chalk.dim('command'.padEnd(9))} ${safe(command)}`]),
    ...row('fix', fix),
    ...row('waived', waiver === undefined ? undefined : waiverWords(waiver)),
  ].join('\n');
}

/** The lines around a place in a file, with a mark below the column. */
function frameOf(where: ReportFinding['where'], chalk: ChalkInstance, { excerpt, width }: Style): readonly string[] {
  if (where === undefined || !('file' in where)) return [];
  return (excerpt?.(where.file, where.line) ?? []).flatMap(({ line, text }) => {
    const here = line === where.line;
    const gutter = `${here ? '>' : ' '} ${String(line).padStart(5)} │ `;
    const row = `  ${chalk.dim(gutter)}${safe(text).slice(0, width - gutter.length - 2)}`;
    const mark = `  ${chalk.dim('        │ ')}${' '.repeat(Math.max(0, where.column - 1))}${chalk.red('^')}`;
    return here && where.column < width - gutter.length ? [row, mark] : [row];
  });
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
function timelineBlock({ timelines = [] }: Report, chalk: ChalkInstance): string {
  return timelines
    .map((timeline) =>
      [chalk.bold(safe(timeline.title)), ...tellTimeline(timeline).map((line) => `  ${safe(line)}`)].join('\n'),
    )
    .join('\n\n');
}

/** What the verdicts are about, and why that was thought; the configuration overrules it. */
function rolesBlock({ roles }: Report, chalk: ChalkInstance, { width, verbose }: Style): string {
  if (roles.length > MAX_ROLES && !verbose)
    return chalk.dim(`${roles.length} objects play a role; --verbose tells which and why.`);
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
  const lines = wrap(state === 'unknown' && missing !== undefined ? missing : title, Math.max(20, width - 48));
  const count = findings.length === 0 ? '' : String(findings.length);
  return lines
    .map((line, nth) =>
      nth === 0
        ? `${chalk[color](mark)} ${id.padEnd(5)}${name.padEnd(22)}${chalk[color](word.padEnd(15))}${count.padStart(3)} ${chalk.dim(line)}`
        : `${' '.repeat(47)}${chalk.dim(line)}`,
    )
    .join('\n');
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
    lines.push(itemLine(item, chalk, style));
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
      const head = `${verdictWords(application)}, ${done} of ${items.length} items done`;
      return [
        `${chalk.bold(safe(applicationWords(application)))}: ${head}`,
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

function verdictBlock(report: Report, chalk: ChalkInstance, { width }: Style): string {
  const { exitCode, verdict } = report.summary;
  const paint = {
    ready: chalk.green.bold,
    'not-ready': chalk.red.bold,
    unusable: chalk.red.bold,
    unknown: chalk.yellow.bold,
  }[verdict];
  const { sources, command } = report;
  const targets = sources.map((source) => `${source.name} ${safe(sourceWords(source))}`).join('; ');
  return [
    `${paint(verdictWords(report))}: ${countsOf(report)} (exit code ${exitCode}).`,
    ...wrap(`${command} of ${targets}`, width).map((line) => chalk.dim(line)),
  ].join('\n');
}
