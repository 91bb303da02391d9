import { describeProgram } from '../src/cli/describe-program.ts';
import { configureHelp } from '../src/cli/help.ts';
import { buildProgram } from '../src/cli.ts';
import { allOf, type CommandTree, type TreeOption } from '../src/commands/command-tree.ts';
import { VERSION } from '../src/commands/version.ts';
import { EXIT_CODES } from '../src/core/report.ts';

/** What the environment decides, beside the options. */
const ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ['KUBECONFIG', 'The kubeconfig, or several with colons between, unless --kubeconfig names one.'],
  ['NO_COLOR', 'Any value but an empty one: no colour, unless FORCE_COLOR or --color says otherwise.'],
  ['FORCE_COLOR', 'Colour although the output is no terminal; none where it is 0 or false.'],
  ['FORCE_HYPERLINK', 'Links although the terminal is not known to follow them; none where it is 0.'],
  ['COLUMNS', 'How wide a report is where the output is no terminal.'],
  ['TERM', 'Where it is dumb: no colour, no links, and no line that is written anew.'],
];

/** The manual page, in the macros of man(7), from the command line itself. */
export function manPage(): string {
  const nowhere = { write: () => {}, isTTY: false, columns: undefined };
  const program = buildProgram(
    {
      stdout: nowhere,
      stderr: nowhere,
      stdin: (async function* () {})(),
      env: {},
      cwd: '/',
      now: () => new Date(0),
      signal: new AbortController().signal,
    },
    () => {},
    { configure: configureHelp },
  );
  const tree = describeProgram(program);
  const commands = allOf(tree).filter(({ path }) => path.length > 0);
  const lines = [
    '.\\" Made from the command line by npm run generate; edit the options, not this page.',
    `.TH QNA\\-READY 1 "" "qna\\-ready ${VERSION}" "User Commands"`,
    '.SH NAME',
    `qna\\-ready \\- ${escaped(lowered(tree.description))}`,
    '.SH SYNOPSIS',
    ...commands.flatMap((command, nth) => [
      ...(nth === 0 ? [] : ['.br']),
      `.B ${escaped(called(command))}`,
      synopsis(command),
    ]),
    '.SH DESCRIPTION',
    ...prose(tree.description),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH OPTIONS',
    ...tree.options.flatMap(optionLines),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(({ code, verdict, meaning }) => ['.TP', `.B ${code}`, ...prose(`${verdict}: ${meaning}`)]),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, meaning]) => ['.TP', `.B ${escaped(name)}`, ...prose(meaning)]),
    '.SH FILES',
    '.TP',
    '.I qna\\-ready.config.yaml',
    ...prose('The configuration, in the folder where the command runs or in the one that is judged.'),
    '.SH EXAMPLES',
    ...(tree.sections.find(({ title }) => title === 'Examples')?.lines ?? []).flatMap((line) => {
      const [, command = line, remark] = /^(.*?)(?:\s{3,}(\S.*))?$/.exec(line) ?? [];
      return ['.TP', `.B ${escaped(command)}`, ...(remark === undefined ? ['\\&'] : prose(remark))];
    }),
    '.SH SEE ALSO',
    '.BR kubectl (1)',
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines(command: CommandTree): readonly string[] {
  const groups = Map.groupBy(
    command.options.filter(({ long }) => long !== '--help'),
    ({ group }) => group,
  );
  const examples = command.sections.find(({ title }) => title === 'Examples');
  return [
    `.SS ${escaped(command.usage.replace(/^qna-ready /, ''))}`,
    ...prose(command.description),
    ...command.arguments
      .filter(({ description }) => description !== '')
      .flatMap(({ name, description }) => ['.TP', `.I ${escaped(name)}`, ...prose(description)]),
    ...[...groups].flatMap(([group, options]) => [
      ...(group === 'Options:' ? [] : ['.PP', `.I ${escaped(group)}`]),
      ...options.flatMap(optionLines),
    ]),
    ...(examples === undefined
      ? []
      : ['.PP', 'Examples:', '.PP', '.nf', '.RS', ...examples.lines.map(escaped), '.RE', '.fi']),
  ];
}

function optionLines({ short, long, value, description }: TreeOption): readonly string[] {
  const flags = [...(short === undefined ? [] : [short]), long].map((flag) => `\\fB${escaped(flag)}\\fR`).join(', ');
  const taken = value === undefined ? '' : ` \\fI${escaped(value.name)}\\fR`;
  return ['.TP', flags + taken, ...prose(description)];
}

function synopsis({ usage, path }: CommandTree): string {
  const rest = usage.slice(`qna-ready ${path.join(' ')}`.length).trim();
  return rest === '' ? '\\&' : escaped(rest);
}

function called({ path }: CommandTree): string {
  return ['qna-ready', ...path].join(' ');
}

/** A description as a sentence of a manual, in lines that a difference of versions can be read in. */
function prose(text: string): readonly string[] {
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?…]$/.test(text) ? '' : '.'}`;
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= 78) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map(escaped);
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}

/** What roff would take for its own is spelt out: backslashes, hyphens that are to be copied, and what begins a line of orders. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replace(/^([.'])/, '\\&$1');
}
