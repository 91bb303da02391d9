import type { ItemState } from '../core/checklist.ts';
import type { Report, ReportFinding, ReportItem } from '../core/report.ts';
import { safe } from './layout.ts';
import type { Reporter, Style } from './reporter.ts';
import {
  applicationWords,
  countsOf,
  evidenceOf,
  gapsOf,
  isOpen,
  openItemsOf,
  signatureWords,
  sourceWords,
  verdictWords,
  worstFirst,
} from './telling.ts';

const STATES: Readonly<Record<ItemState, { readonly mark: string; readonly word: string }>> = {
  done: { mark: '✔', word: 'done' },
  todo: { mark: '✘', word: 'to do' },
  unknown: { mark: '?', word: 'unknown' },
  manual: { mark: '☐', word: 'for a person' },
  'not-applicable': { mark: '–', word: 'not applicable' },
};

/** One page that needs nothing else: no script, no network, light and dark as the reader has it, and fit for print. */
export const htmlReporter: Reporter = (report, style) => {
  const title = `qna-ready ${report.command}: ${verdictWords(report)}`;
  const { verdict, exitCode } = report.summary;
  const targets = report.sources.map((source) => `${source.name} <code>${text(sourceWords(source))}</code>`).join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1><span class="mark ${verdict}">${verdictWords(report)}</span> qna-ready ${text(report.command)}</h1>
<p>${text(countsOf(report))} (exit code ${exitCode}).</p>
<p><time datetime="${text(report.startedAt)}">${text(report.startedAt)}</time>, ${targets}, version ${text(report.tool.version)}.</p>
</header>
<main>
${[...itemSections(report), ...applicationSections(report), ...findingSection(report, style), ...gapSection(report)].join('\n')}
</main>
</body>
</html>
`;
};

function itemSections({ items, findings }: Report): readonly string[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  return [...Map.groupBy(items, ({ section }) => section)].map(
    ([section, own]) => `<section>
<h2>${text(section)}</h2>
${own.map((item) => itemBlock(item, byId)).join('\n')}
</section>`,
  );
}

function applicationSections({ applications = [], findings }: Report): readonly string[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  return applications.map((application) => {
    const { subjects, why, summary } = application;
    const rows = (applications.length === 1 ? [] : openItemsOf(application, byId)).map(({ item, reason }) => {
      const { mark, word } = STATES[item.state];
      const state = `<span class="mark ${item.state}"><span aria-hidden="true">${mark}</span> ${word}</span>`;
      return `<li>${state} <b>${text(item.id)}</b> ${text(item.title)} <code>${text(reason)}</code></li>`;
    });
    return `<section>
<h2><span class="mark ${summary.verdict}">${verdictWords(application)}</span> ${text(applicationWords(application))}</h2>
<p>${subjects.map((subject) => `<code>${text(subject)}</code>`).join(', ')}: ${text(why)}. ${text(countsOf(application))}.</p>
${rows.length === 0 ? '' : `<ul>${rows.join('\n')}</ul>`}
</section>`;
  });
}

function itemBlock(
  { id, title, state, findings, missing, owner, signature }: ReportItem,
  byId: ReadonlyMap<string, ReportFinding>,
): string {
  const { mark, word } = STATES[state];
  const head = `<span class="mark ${state}"><span aria-hidden="true">${mark}</span> ${word}</span> <b>${text(id)}</b> ${text(title)}`;
  const proofs = findings.map((each) => byId.get(each)).filter((finding) => finding !== undefined);
  const evidence = [
    ...(owner === undefined ? [] : [`<li>Owner: ${text(owner)}</li>`]),
    ...(signature === undefined ? [] : [`<li>${text(signatureWords(signature))}</li>`]),
    ...(missing === undefined ? [] : [`<li>${text(missing)}</li>`]),
    ...worstFirst(proofs).map(
      ({ outcome, check, subject, message }) =>
        `<li><span class="mark ${outcome}">${outcome}</span> <code>${text(check)}</code> <code>${text(subject)}</code> ${text(message)}</li>`,
    ),
  ];
  return `<details id="item-${text(id)}"><summary>${head}</summary><ul>${evidence.join('\n')}</ul></details>`;
}

function findingSection({ findings }: Report, { verbose }: Style): readonly string[] {
  const told = worstFirst(findings.filter((finding) => verbose || isOpen(finding)));
  if (told.length === 0) return [];
  return [`<section>\n<h2>Findings</h2>\n${told.map(findingBlock).join('\n')}\n</section>`];
}

function findingBlock(finding: ReportFinding): string {
  const { outcome, severity, check, subject, message, docs } = finding;
  const label = outcome === 'fail' ? severity : outcome;
  const rows = evidenceOf({ ...finding, docs: undefined }).map((line) => {
    const colon = line.indexOf(': ');
    const [name, words] = [line.slice(0, colon), text(line.slice(colon + 2))];
    return `<dt>${text(name)}</dt><dd>${name === 'Command' ? `<code>${words}</code>` : words}</dd>`;
  });
  const link =
    docs !== undefined && /^https:\/\//.test(docs)
      ? [`<dt>See</dt><dd><a rel="noreferrer" href="${text(docs)}">${text(docs)}</a></dd>`]
      : [];
  return `<article>
<h3><span class="mark ${outcome} ${severity}">${label}</span> <code>${text(check)}</code> <code>${text(subject)}</code></h3>
<p>${text(message)}</p>
<dl>${[...rows, ...link].join('\n')}</dl>
</article>`;
}

function gapSection(report: Report): readonly string[] {
  const gaps = gapsOf(report);
  if (gaps.length === 0) return [];
  return [
    `<section>\n<h2>Not seen</h2>\n<ul>${gaps.map(({ sentence }) => `<li>${text(sentence)}</li>`).join('\n')}</ul>\n</section>`,
  ];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For content and for attributes in quotes. */
function text(given: string): string {
  return safe(given).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Every pair of colours has a contrast of 4.5 or more, in both themes; no state is told by colour alone. */
const STYLE = `
:root { --good: #11662f; --bad: #a3122b; --open: #7a4b00; --calm: #4a5160; --line: #8884; --back: #fff; --ink: #1a1d24 }
@media (prefers-color-scheme: dark) {
  :root { --good: #6fdc8c; --bad: #ff8f9e; --open: #ffc666; --calm: #b4bcc9; --back: #15181e; --ink: #e9ecf1 }
}
body { margin: 0 auto; padding: 1rem; max-width: 70rem; background: var(--back); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2rem } h3 { font-size: 1rem; margin: 0 }
code { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere }
a { color: inherit } p, dd, li { overflow-wrap: anywhere }
.mark { font-weight: 600; color: var(--calm) }
.ready, .done, .pass { color: var(--good) }
.not-ready, .unusable, .todo, .fail { color: var(--bad) }
.unknown, .manual, .fail.warning { color: var(--open) }
.fail.note { color: var(--calm) }
details { border-bottom: 1px solid var(--line); padding: .4rem 0 } summary { cursor: pointer }
summary:focus-visible, a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px }
article { border-left: 3px solid var(--line); padding: .1rem 1rem; margin: 1rem 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0 }
dt { color: var(--calm) } dd { margin: 0 }
@media (max-width: 40rem) { dl { display: block } }
@media print { details { break-inside: avoid } details::details-content { content-visibility: visible; block-size: auto } }
`;
