import type { Report, ReportSummary } from '../../core/report.ts';
import type { Reporter } from '../reporter.ts';
import { countsOf, sourceWords, verdictWords } from '../telling.ts';
import { anchorsOf } from './anchors.ts';
import { applicationSection } from './applications.ts';
import { SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH } from './assets.ts';
import { code, text } from './escape.ts';
import { type CheckGroup, groupsOf, numberOf } from './faults.ts';
import { filterForm } from './filters.ts';
import { findingSections, type Page } from './findings.ts';
import { graphSection } from './graph.ts';
import { checklistSection } from './items.ts';
import { verdictMark } from './marks.ts';
import { gapSection, sourceSection } from './sources.ts';
import { timelineSection } from './timeline.ts';

/** Nothing is loaded, sent or run but the two texts of these hashes. */
const POLICY = `default-src 'none'; script-src '${SCRIPT_HASH}'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** One page that needs nothing else: no network, complete without its script, light and dark, and fit for print. */
export const htmlReporter: Reporter = (report, _style, findCheck) => piecesOf(report, findCheck);

function* piecesOf(report: Report, findCheck: Page['findCheck']): Generator<string> {
  const groups = groupsOf(report);
  const page: Page = {
    anchors: anchorsOf(report.findings),
    owners: ownersOf(report),
    sections: new Map([...new Set(report.items.map(({ section }) => section))].map((title, number) => [title, number])),
    findCheck,
  };
  yield head(report);
  yield `<div class="columns">
<aside aria-label="Contents and filters">
${contents(report, groups)}
${filterForm(report, groups, page)}
</aside>
<main id="main" tabindex="-1">
`;
  yield applicationSection(report);
  yield checklistSection(report, page);
  yield* findingSections(groups, page);
  yield gapSection(report);
  yield timelineSection(report);
  yield graphSection(report);
  yield sourceSection(report);
  yield `</main>
</div>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function head(report: Report): string {
  const { command, startedAt, sources, summary, tool } = report;
  const words = verdictWords(report);
  const targets = sources.map((source) => `${text(source.name)} ${code(sourceWords(source))}`).join(', ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>qna-ready ${text(command)}: ${words}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header class="top">
<div class="line"><p class="tool">qna-ready ${text(command)}</p><button type="button" id="theme" hidden>Theme: system</button></div>
<h1>${verdictMark(summary.verdict, words)}</h1>
<ul class="tiles" aria-label="Findings by outcome">${tiles(summary)}</ul>
<p class="about">${targets}, <time datetime="${text(startedAt)}">${text(startedAt)}</time>, version ${text(tool.version)}, exit code ${summary.exitCode}: ${text(countsOf(report))}.</p>
</header>
`;
}

function tiles({ fail, unknown, pass, notApplicable, waived }: ReportSummary): string {
  const rows: readonly (readonly [number, string, string])[] = [
    [fail, 'failed', 'bad'],
    [unknown, 'unknown', 'open'],
    [pass, 'passed', 'good'],
    [notApplicable, 'not applicable', 'calm'],
    [waived, 'waived', 'calm'],
  ];
  return rows
    .filter(([count, words]) => count > 0 || words === 'failed' || words === 'unknown' || words === 'passed')
    .map(
      ([count, words, tone]) =>
        `<li class="${count === 0 ? 'calm' : tone}"><b>${count.toLocaleString('en')}</b> ${words}</li>`,
    )
    .join('');
}

function contents(report: Report, groups: readonly CheckGroup[]): string {
  const { applications = [], items, timelines = [], graphs = [], sources } = report;
  const [open, settled] = [
    numberOf(groups.flatMap((group) => group.open)),
    numberOf(groups.flatMap((group) => group.settled)),
  ];
  const links: readonly (readonly [string, string, boolean])[] = [
    ['applications', 'Applications', applications.length > 0],
    ['checklist', 'Checklist', items.length > 0],
    ['open', `What is open (${open.toLocaleString('en')})`, open > 0],
    ['settled', `What is settled (${settled.toLocaleString('en')})`, groups.some((group) => group.open.length === 0)],
    ['gaps', 'What was not seen', sources.some(({ notSeen }) => notSeen.length > 0)],
    ['timelines', 'What happened over time', timelines.length > 0],
    ['references', 'What refers to what', graphs.length > 0],
    ['sources', 'What was looked at', true],
  ];
  const rows = links.flatMap(([id, words, isThere]) => (isThere ? [`<li><a href="#${id}">${words}</a></li>`] : []));
  return `<nav aria-label="Contents"><ul>${rows.join('')}</ul></nav>`;
}

/** The applications of each finding, by their numbers; nothing where there are no several. */
function ownersOf({ applications = [] }: Report): ReadonlyMap<string, readonly number[]> {
  const owners = new Map<string, number[]>();
  if (applications.length < 2) return owners;
  for (const [number, { items }] of applications.entries())
    for (const id of new Set(items.flatMap(({ findings }) => findings))) {
      const known = owners.get(id);
      if (known === undefined) owners.set(id, [number]);
      else known.push(number);
    }
  return owners;
}
