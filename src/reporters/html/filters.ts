import { OUTCOMES, SEVERITIES } from '../../core/check.ts';
import type { Report } from '../../core/report.ts';
import { applicationWords } from '../telling.ts';
import { text } from './escape.ts';
import type { CheckGroup } from './faults.ts';
import type { Page } from './findings.ts';

/** What narrows the page down. It is hidden until the script shows it, since nothing of it works alone. */
export function filterForm(
  { findings, items, applications = [] }: Report,
  groups: readonly CheckGroup[],
  page: Page,
): string {
  const outcomes = new Set(findings.map(({ outcome }) => outcome));
  const severities = new Set(findings.map(({ severity }) => severity));
  const fields = [
    select(
      'outcome',
      'Outcome',
      OUTCOMES.filter((one) => outcomes.has(one)).map((one) => [one, one.replace('-', ' ')]),
    ),
    select(
      'severity',
      'Severity',
      SEVERITIES.filter((one) => severities.has(one)).map((one) => [one, one]),
    ),
    select(
      'section',
      'Section',
      [...page.sections].map(([title, number]) => [String(number), title]),
    ),
    select(
      'check',
      'Check',
      groups.map(({ check }) => [check, check] as const).toSorted(([a], [b]) => a.localeCompare(b)),
    ),
    ...(applications.length < 2
      ? []
      : [
          select(
            'application',
            'Application',
            applications.map((one, number) => [String(number), applicationWords(one)]),
          ),
        ]),
  ];
  return `<form id="filters" role="search" aria-label="Findings and items" hidden>
<div class="field"><label for="filter-words">Search</label><input id="filter-words" type="search" autocomplete="off" spellcheck="false"></div>
${fields.join('\n')}
<div class="buttons"><button type="reset">Show all</button> <button type="button" id="toggle-details">Open all</button></div>
<p id="shown" role="status">${findings.length.toLocaleString('en')} findings, ${items.length.toLocaleString('en')} items.</p>
</form>`;
}

function select(name: string, label: string, options: readonly (readonly [string, string])[]): string {
  const rows = [['', 'all'] as const, ...options].map(
    ([value, words]) => `<option value="${text(value)}">${text(words)}</option>`,
  );
  return `<div class="field"><label for="filter-${name}">${label}</label><select id="filter-${name}">${rows.join('')}</select></div>`;
}
