import { SECTIONS } from '../checklist/index.ts';
import { CHECKS } from '../checks/index.ts';
import type { Check } from '../core/check.ts';
import { checksOf } from '../core/checklist.ts';
import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { wrap } from '../reporters/layout.ts';
import type { Io } from './io.ts';

/** Tells all about a check, the checks of a topic or of an item; without a name, lists every check. */
export async function explain(name: string | undefined, io: Io): Promise<number> {
  const width = Math.min(io.stdout.columns ?? 100, 100);
  if (name === undefined) {
    io.stdout.write(`${catalogue(width)}\n`);
    return 0;
  }
  const chosen = CHECKS.filter(
    (check) => check.id === name || check.id.startsWith(`${name}/`) || itemsOf(check).includes(name),
  );
  if (chosen.length === 0) {
    const near = nearest(
      name,
      CHECKS.flatMap((check) => [check.id, check.id.split('/')[0] ?? '', ...itemsOf(check)]),
    );
    throw new UserError(`No check, topic or item is called ${name}.`, {
      hint: near === undefined ? 'List them with: qna-ready explain.' : `Did you mean ${near}?`,
    });
  }
  io.stdout.write(`${chosen.map((check) => page(check, width)).join('\n\n')}\n`);
  return 0;
}

function catalogue(width: number): string {
  return SECTIONS.flatMap(({ title, items }) => [
    title,
    ...items.flatMap((item) => [
      ...wrap(`${item.id} ${item.name}: ${item.title}`, width - 2).map((line) => `  ${line}`),
      ...checksOf(item)
        .flatMap((id) => CHECKS.filter((check) => check.id === id))
        .map(({ id, severity, title: holds }) => `    ${id.padEnd(32)} ${severity.padEnd(8)} ${holds}`),
      ...(item.manual === undefined
        ? []
        : wrap(`asked of a person: ${item.manual}`, width - 4).map((line) => `    ${line}`)),
    ]),
    '',
  ])
    .join('\n')
    .trimEnd();
}

function page(check: Check, width: number): string {
  const part = (name: string, text: string) => [name, ...wrap(text, width - 2).map((line) => `  ${line}`), ''];
  return [
    `${check.id} (${check.severity})`,
    ...wrap(`${check.title}.`, width - 2).map((line) => `  ${line}`),
    '',
    ...part('Why', check.why),
    ...part('What is looked at', check.how),
    ...part('How to mend it', check.fix),
    ...(check.mends === undefined ? [] : part('What validate --fix writes', check.mends)),
    ...part('How to verify by hand', check.verify),
    ...part('Proves', itemsOf(check).join(', ')),
    'References',
    ...check.references.map((reference) => `  ${reference}`),
  ].join('\n');
}

function itemsOf({ id }: Check): readonly string[] {
  return SECTIONS.flatMap((section) => section.items)
    .filter((item) => checksOf(item).includes(id))
    .map((item) => item.id);
}
