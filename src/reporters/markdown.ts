import type { ItemState } from '../core/checklist.ts';
import type { Report, ReportFinding, ReportItem } from '../core/report.ts';
import { safe } from './layout.ts';
import type { Reporter, Style } from './reporter.ts';
import {
  applicationWords,
  countsOf,
  evidenceOf,
  gapsOf,
  ITEM_STATE_WORDS,
  isOpen,
  openItemsOf,
  signatureWords,
  sourceWords,
  verdictWords,
  worstFirst,
} from './telling.ts';

/** What a person has to do is told by the empty box before it. */
const SIGNS: Readonly<Record<ItemState, string>> = {
  done: '✅',
  todo: '❌',
  unknown: '❔',
  manual: '',
  'not-applicable': '–',
};

/** For a ticket, a pull request or the summary of a job: the verdict, the items with their states, and what is open. */
export const markdownReporter: Reporter = (report, style) => {
  const targets = report.sources.map((source) => `${source.name} ${code(sourceWords(source))}`).join('; ');
  const parts = [
    `# qna-ready ${report.command}: ${verdictWords(report)}`,
    `${countsOf(report)} (exit code ${report.summary.exitCode}). ${report.startedAt}, ${targets}.`,
    ...itemTables(report),
    ...applicationParts(report),
    ...findingParts(report, style),
    ...gapParts(report),
  ];
  return `${parts.join('\n\n')}\n`;
};

/** A state by its sign and its word. */
export function stateWords(state: ItemState): string {
  return `${SIGNS[state]} ${ITEM_STATE_WORDS[state]}`.trim();
}

function itemTables({ items }: Report): readonly string[] {
  const owned = items.some(({ owner }) => owner !== undefined);
  const columns = ['', '', 'item', 'state', 'evidence', ...(owned ? ['owner'] : [])];
  return [...Map.groupBy(items, ({ section }) => section)].flatMap(([section, own]) => [
    `## ${plain(section)}`,
    [row(columns), row(columns.map(() => '---')), ...own.map((item) => row(itemCells(item, owned)))].join('\n'),
  ]);
}

/** A box that is ticked only where the item is done, as a person would tick it. */
function itemCells({ id, title, state, findings, missing, owner, signature }: ReportItem, owned: boolean): string[] {
  const proof = missing ?? `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
  const evidence = signature === undefined ? proof : `${proof.replace(/[.?]?$/, '.')} ${signatureWords(signature)}`;
  return [
    state === 'done' ? '☑' : state === 'not-applicable' ? '–' : '☐',
    id,
    plain(title),
    stateWords(state),
    plain(evidence),
    ...(owned ? [plain(owner ?? '')] : []),
  ];
}

function row(cells: readonly string[]): string {
  return `|${cells.map((cell) => (cell === '' ? ' |' : ` ${cell} |`)).join('')}`;
}

function applicationParts({ applications = [], findings }: Report): readonly string[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  return applications.flatMap((application) => {
    const open = applications.length === 1 ? [] : openItemsOf(application, byId);
    const rows = open.map(
      ({ item: { id, title, state }, reason }) =>
        `| ${id} | ${plain(title)} | ${stateWords(state)} | ${plain(reason)} |`,
    );
    return [
      `## ${plain(applicationWords(application))}: ${verdictWords(application)}`,
      `${application.subjects.map(code).join(', ')}: ${plain(application.why)}. ${countsOf(application)}.`,
      ...(rows.length === 0 ? [] : [['| | item | state | open |', '| --- | --- | --- | --- |', ...rows].join('\n')]),
    ];
  });
}

function findingParts({ findings }: Report, { verbose }: Style): readonly string[] {
  const told = worstFirst(findings.filter((finding) => verbose || isOpen(finding)));
  if (told.length === 0) return [];
  return ['## Findings', told.map(findingEntry).join('\n')];
}

function findingEntry(finding: ReportFinding): string {
  const { outcome, severity, check, subject, message, command, docs } = finding;
  const label = outcome === 'fail' ? severity : outcome;
  return [
    `- **${label}** ${code(check)} ${code(subject)}: ${plain(message)}`,
    ...evidenceOf({ ...finding, command: undefined, docs: undefined }).map((line) => `  - ${plain(line)}`),
    ...(command === undefined ? [] : [`  - Command: ${code(command)}`]),
    ...(docs !== undefined && /^https:\/\/[^\s<>]+$/.test(docs) ? [`  - See: <${docs}>`] : []),
  ].join('\n');
}

function gapParts(report: Report): readonly string[] {
  const gaps = gapsOf(report);
  return gaps.length === 0 ? [] : ['## Not seen', gaps.map(({ sentence }) => `- ${plain(sentence)}`).join('\n')];
}

/** What came from input is shown as it is: it makes no markup, no link, no image, and calls nobody. */
export function plain(text: string): string {
  return safe(text)
    .replace(/\s+/g, ' ')
    .replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
    .replace(/[\\`*_{}[\]()#|!~]/g, '\\$&')
    .replaceAll('@', '&#64;');
}

/** A code span takes everything literally but its own fence, and a table's bar. */
export function code(text: string): string {
  const line = safe(text).replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const fence = '`'.repeat(Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length)) + 1);
  return fence.length === 1 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}
