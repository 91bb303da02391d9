import type { Report, ReportApplication, ReportFinding } from '../../core/report.ts';
import { applicationWords, countsOf, openItemsOf, verdictWords } from '../telling.ts';
import { itemAnchor } from './anchors.ts';
import { code, text } from './escape.ts';
import { itemMark, verdictMark } from './marks.ts';

/** Each service of the run with its verdict, and of several what is open of each. */
export function applicationSection({ applications = [], findings }: Report): string {
  if (applications.length === 0) return '';
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const alone = applications.length === 1;
  return `<section id="applications" aria-labelledby="applications-title">
<h2 id="applications-title">Applications</h2>
${applications.map((application, number) => applicationBlock(application, number, alone, byId)).join('\n')}
</section>
`;
}

function applicationBlock(
  application: ReportApplication,
  number: number,
  alone: boolean,
  byId: ReadonlyMap<string, ReportFinding>,
): string {
  const { subjects, why, summary } = application;
  const rows = (alone ? [] : openItemsOf(application, byId)).map(
    ({ item, reason }) =>
      `<li>${itemMark(item.state)} <a href="#${itemAnchor(item.id)}">${text(item.id)} ${text(item.name)}</a> ${code(reason)}</li>`,
  );
  const list =
    rows.length === 0
      ? ''
      : `<details><summary>${rows.length} open items</summary>\n<ul class="open-items">${rows.join('\n')}</ul></details>`;
  return `<section class="application" data-application="${number}">
<h3>${verdictMark(summary.verdict, verdictWords(application))} ${text(applicationWords(application))}</h3>
<p>${text(countsOf(application))}. ${subjects.map(code).join(', ')}: ${text(why)}.</p>
${list}</section>`;
}
