import { SECTIONS } from '../checklist/index.ts';
import { CHECKS } from '../checks/index.ts';
import type { Check } from '../core/check.ts';
import { checksOf, type Item } from '../core/checklist.ts';
import { wrap } from '../reporters/layout.ts';
import type { Hyperlink } from '../reporters/reporter.ts';
import type { Io } from './io.ts';
import { noSuchCheck } from './no-such-check.ts';
import { hasColor, hyperlinkFor, outputWidth } from './terminal.ts';

/** The most columns that are read with ease. */
const WIDEST = 100;
/** In columns: what stands before the title of a check. */
const CHECK_LEAD = 46;

/** Tells all about a check, the checks of a topic or of an item; without a name, lists every check. */
export async function explain(name: string | undefined, io: Io): Promise<number> {
  const width = Math.min(outputWidth(io.stdout, io.env), WIDEST);
  if (name === undefined) {
    io.stdout.write(`${catalogue(width)}\n`);
    return 0;
  }
  const chosen = CHECKS.filter(
    (check) =>
      check.id === name ||
      check.id.startsWith(`${name}/`) ||
      itemsOf(check).some((item) => item.id === name || item.name === name),
  );
  if (chosen.length === 0) throw noSuchCheck(name);
  const link = hyperlinkFor(io.stdout, hasColor(io.stdout, undefined, io.env), io);
  io.stdout.write(`${chosen.map((check) => page(check, width, link)).join('\n\n')}\n`);
  return 0;
}

function catalogue(width: number): string {
  return SECTIONS.flatMap(({ title, items }) => [
    title,
    ...items.flatMap((item) => [
      ...wrap(`${item.id} ${item.name}: ${item.title}`, width - 2).map((line) => `  ${line}`),
      ...checksOf(item)
        .flatMap((id) => CHECKS.filter((check) => check.id === id))
        .flatMap((check) => row(check, width)),
      ...(item.manual === undefined
        ? []
        : wrap(`asked of a person: ${item.manual}`, width - 4).map((line) => `    ${line}`)),
    ]),
    '',
  ])
    .join('\n')
    .trimEnd();
}

/** A check of an item; what it holds stands below it where the place beside it is too narrow to read. */
function row({ id, severity, title }: Check, width: number): readonly string[] {
  const lead = `    ${id.padEnd(32)} ${severity.padEnd(8)}`;
  const isBeside = width - CHECK_LEAD >= 40;
  const [first = '', ...rest] = wrap(title, isBeside ? width - CHECK_LEAD : width - 8);
  return isBeside
    ? [`${lead} ${first}`, ...rest.map((line) => ' '.repeat(CHECK_LEAD) + line)]
    : [lead.trimEnd(), ...[first, ...rest].map((line) => `        ${line}`)];
}

function page(check: Check, width: number, link: Hyperlink = (shown) => shown): string {
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
    ...part(
      'Proves',
      itemsOf(check)
        .map(({ id }) => id)
        .join(', '),
    ),
    'References',
    ...check.references.map((reference) => `  ${link(reference, reference)}`),
  ].join('\n');
}

function itemsOf({ id }: Check): readonly Item[] {
  return SECTIONS.flatMap((section) => section.items).filter((item) => checksOf(item).includes(id));
}
