import { allOf, type CommandTree, type TreeOption, type Values } from '../command-tree.ts';
import { brief, type ShellScript, type Word } from './words.ts';

/** A file of `fpath`, which can be sourced as well. */
export const zshScript: ShellScript = (tree, { checks, items, reports }) => `#compdef qna-ready
# Completion of qna-ready for zsh, printed by: qna-ready completion zsh

${allOf(tree)
  .toReversed()
  .map((node) => functionOf(node))
  .join('\n\n')}

_qna-ready--checks() {
  local -a names=(${described(checks)})
  _describe -t checks 'check, topic or item' names
}

_qna-ready--items() {
  local -a names=(${described(items)})
  _describe -t items 'item' names
}

_qna-ready--reports() {
  if compset -P '*='; then
    _files
  else
    compadd -S '' -- ${reports.join(' ')}
  fi
}

if [[ $funcstack[1] == _qna-ready ]]; then
  _qna-ready "$@"
else
  compdef _qna-ready qna-ready
fi
`;

function functionOf(node: CommandTree): string {
  const { commands, options, arguments: given } = node;
  const name = nameOf(node);
  const first = given[0];
  const below =
    commands.length === 0
      ? ''
      : `  if ((CURRENT > 2)); then
    case $words[2] in
${commands.map((command) => `      ${command.path.at(-1)}) shift words; ((CURRENT -= 1)); ${nameOf(command)}; return ;;`).join('\n')}
    esac
  fi
`;
  const choice =
    commands.length === 0
      ? ''
      : `${name}--first() {
  local -a commands=(${described(commands.map(({ path, description }) => ({ name: path.at(-1) ?? '', description })))})
  _describe -t commands 'command' commands
${first === undefined ? '' : `  ${action(first.values)}\n`}}

`;
  const specs = [
    ...options.map(optionSpec),
    ...(commands.length === 0 ? [] : [`'1: :${name}--first'`]),
    ...given
      .filter((_, index) => index > 0 || commands.length === 0 || first?.isVariadic === true)
      .map((argument) => {
        const place = argument.isVariadic ? '*' : `${given.indexOf(argument) + 1}`;
        const mark = argument.isRequired || argument.isVariadic ? ':' : '::';
        return `${quoted(`${place}${mark}${argument.name}:${action(argument.values)}`)}`;
      }),
  ];
  return `${choice}${name}() {
${below}  _arguments -s -S : \\
${specs.map((spec) => `    ${spec}`).join(' \\\n')}
}`;
}

function optionSpec({ short, long, description, value, isRepeatable }: TreeOption): string {
  const text = `[${brief(description).replaceAll(/[[\]\\:]/g, '\\$&')}]`;
  const takes =
    value === undefined
      ? ''
      : `${value.isOptional ? '::' : ':'}${value.name.replaceAll(/[:\\]/g, '\\$&')}:${action(value.values)}`;
  const given = value === undefined || value.isOptional ? '' : '=';
  const [once, again] = isRepeatable ? ['', '*'] : [`(${[short, long].filter(Boolean).join(' ')})`, ''];
  if (short === undefined) return quoted(`${once}${again}${long}${given}${text}${takes}`);
  const flags = [`${short}${value === undefined ? '' : '+'}`, `${long}${given}`];
  return `${quoted(`${once}${again}`)}{${flags.join(',')}}${quoted(text + takes)}`;
}

function action(values: Values): string {
  if (typeof values !== 'string') return `(${values.join(' ')})`;
  switch (values) {
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'none':
      return ' ';
    default:
      return `_qna-ready--${values}`;
  }
}

function described(words: readonly Word[]): string {
  return words.map(({ name, description }) => quoted(`${name.replaceAll(':', '\\:')}:${brief(description)}`)).join(' ');
}

function nameOf({ path }: CommandTree): string {
  return ['_qna-ready', ...path].join('-');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
