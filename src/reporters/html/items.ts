import type { Report, ReportFinding, ReportItem } from '../../core/report.ts';
import { signatureWords, worstFirst } from '../telling.ts';
import { checkAnchor, itemAnchor } from './anchors.ts';
import { code, text } from './escape.ts';
import { outcomesOf, type Page } from './findings.ts';
import { itemMark } from './marks.ts';

/** The checklist: a line for each item, which opens to what decided it. */
export function checklistSection({ items, findings }: Report, page: Page): string {
  if (items.length === 0) return '';
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  const sections = [...Map.groupBy(items, ({ section }) => section)].map(
    ([section, own]) => `<h3>${text(section)}</h3>
<ul class="items">
${own.map((item) => itemRow(item, byId, page)).join('\n')}
</ul>`,
  );
  return `<section id="checklist" aria-labelledby="checklist-title">
<h2 id="checklist-title">Checklist</h2>
${sections.join('\n')}
</section>
`;
}

function itemRow(item: ReportItem, byId: ReadonlyMap<string, ReportFinding>, { sections }: Page): string {
  const { id, title, state, section, missing, owner, signature } = item;
  const proofs = worstFirst(item.findings.flatMap((each) => byId.get(each) ?? []));
  const byCheck = [...Map.groupBy(proofs, ({ check }) => check)];
  const evidence = byCheck.map(
    ([check, own]) => `<li><a href="#${checkAnchor(check)}">${code(check)}</a> ${countsOf(own)}</li>`,
  );
  const body = [
    ...(owner === undefined ? [] : [`<p>Owner: ${text(owner)}</p>`]),
    ...(signature === undefined ? [] : [`<p>${text(signatureWords(signature))}</p>`]),
    ...(missing === undefined ? [] : [`<p>${text(missing)}</p>`]),
    ...(evidence.length === 0 ? [] : [`<ul>${evidence.join('\n')}</ul>`]),
  ];
  const checks = byCheck.map(([check]) => text(check)).join(' ');
  const head = `${itemMark(state)} <b class="id">${text(id)}</b> <span class="title">${text(title)}</span> <span class="counts">${countsOf(proofs)}</span>`;
  return `<li class="item" data-state="${state}" data-section="${sections.get(section) ?? ''}" data-checks="${checks}"><details id="${itemAnchor(id)}"><summary>${head}</summary>
<div class="body">${body.join('\n')}</div></details></li>`;
}

function countsOf(findings: readonly ReportFinding[]): string {
  return outcomesOf(findings.map((shared) => ({ shared, findings: [shared] })));
}
