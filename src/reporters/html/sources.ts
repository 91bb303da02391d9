import type { Report } from '../../core/report.ts';
import { gapsOf, sourceWords } from '../telling.ts';
import { code, text } from './escape.ts';

/** What nobody saw, so that nobody takes it for proven. */
export function gapSection(report: Report): string {
  const gaps = gapsOf(report);
  if (gaps.length === 0) return '';
  return `<section id="gaps" aria-labelledby="gaps-title">
<h2 id="gaps-title">What was not seen</h2>
<ul>${gaps.map(({ sentence }) => `<li>${text(sentence)}</li>`).join('\n')}</ul>
</section>
`;
}

/** What was looked at, and what each object was taken for. */
export function sourceSection(report: Report): string {
  const { sources, roles } = report;
  const looked = sources.map((source) => `<li>${text(source.name)} ${code(sourceWords(source))}</li>`);
  const parts = roles.map(
    ({ role, subject, why }) =>
      `<tr><th scope="row">${code(subject)}</th><td>${text(role)}</td><td>${text(why)}</td></tr>`,
  );
  const table =
    parts.length === 0
      ? ''
      : `<div class="scroll" role="region" aria-label="Roles" tabindex="0"><table>
<caption>What each object was taken for</caption>
<thead><tr><th scope="col">Object</th><th scope="col">Role</th><th scope="col">Because</th></tr></thead>
<tbody>${parts.join('\n')}</tbody></table></div>`;
  return `<section id="sources" aria-labelledby="sources-title">
<h2 id="sources-title">What was looked at</h2>
<ul>${looked.join('\n')}</ul>
${table}</section>
`;
}
