import { SECTIONS } from '../src/checklist/index.ts';
import { CHECKS } from '../src/checks/index.ts';
import { checksOf, sourcesOf } from '../src/core/checklist.ts';

/** The catalogue of items and checks, as Markdown. */
export function checksPage(): string {
  const lines = [
    '# The checklist and its checks',
    '',
    'Made from the registry by `npm run generate`; edit the checks, not this page.',
    '',
    `${SECTIONS.flatMap(({ items }) => items).length} items, ${CHECKS.length} checks. The same pages, one check at a time: \`qna-ready explain CHECK\`.`,
  ];
  for (const { title, items } of SECTIONS) {
    lines.push('', `## ${title}`);
    for (const item of items) {
      const sources = sourcesOf(item);
      lines.push('', `### ${item.id} ${item.name}`, '', item.title);
      lines.push(
        '',
        item.manual === undefined ? `Proven from: ${sources.join(', ')}.` : `Asked of a person: ${item.manual}`,
      );
      const checks = checksOf(item).flatMap((id) => CHECKS.filter((check) => check.id === id));
      if (checks.length === 0) continue;
      lines.push(
        '',
        '| check | severity | from | `--fix` | what holds when it passes |',
        '| --- | --- | --- | --- | --- |',
      );
      for (const check of checks) {
        const from = sources.filter((source) => item.provenBy[source]?.includes(check.id)).join(', ');
        lines.push(
          `| \`${check.id}\` | ${check.severity} | ${from} | ${check.mends === undefined ? '' : 'yes'} | ${check.title} |`,
        );
      }
    }
  }
  return `${lines.join('\n')}\n`;
}
