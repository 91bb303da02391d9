import { allOf, type CommandTree, type TreeOption, type Values } from '../command-tree.ts';
import { brief, type ShellScript, type Word } from './words.ts';

export const fishScript: ShellScript = (tree, { checks, items, reports }) => {
  const nodes = allOf(tree);
  return `# Completion of qna-ready for fish, printed by: qna-ready completion fish

# The commands among the first words.
function __qna_ready_path
    set -l words (commandline -opc)
    set -e words[1]
    set -l at ''
    for word in $words
        switch "$at $word"
${nodes
  .filter(({ path }) => path.length > 0)
  .map(
    ({ path }) =>
      `            case ${quoted(`${path.slice(0, -1).join(' ')} ${path.at(-1) ?? ''}`)}\n                set at ${quoted(path.join(' '))}`,
  )
  .join('\n')}
            case '*'
                break
        end
    end
    echo $at
end

function __qna_ready_at
    test (__qna_ready_path) = "$argv"
end

# Nothing but commands has been typed yet.
function __qna_ready_first
    set -l words (commandline -opc)
    __qna_ready_at $argv; and test (count $words) -eq (math 1 + (count $argv))
end

function __qna_ready_checks
    printf '%s\\t%s\\n' ${tabled(checks)}
end

function __qna_ready_items
    printf '%s\\t%s\\n' ${tabled(items)}
end

complete -c qna-ready -e
complete -c qna-ready -f
${nodes.flatMap((node) => linesOf(node, reports)).join('\n')}
`;
};

function linesOf(node: CommandTree, reports: readonly string[]): readonly string[] {
  const at = `-n ${quoted(`__qna_ready_at ${node.path.join(' ')}`.trim())}`;
  const first = `-n ${quoted(`__qna_ready_first ${node.path.join(' ')}`.trim())}`;
  const [argument] = node.arguments;
  return [
    ...node.commands.map(
      ({ path, description }) =>
        `complete -c qna-ready ${first} -a ${quoted(path.at(-1) ?? '')} -d ${quoted(brief(description))}`,
    ),
    ...(argument === undefined || argument.values === 'none'
      ? []
      : [`complete -c qna-ready ${argument.isVariadic ? at : first} ${offered(argument.values, reports)}`]),
    ...node.options.map((option) => `complete -c qna-ready ${at} ${optionOf(option, reports)}`),
  ];
}

function optionOf({ short, long, value, description }: TreeOption, reports: readonly string[]): string {
  return [
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long.slice(2)}`,
    ...(value === undefined || value.isOptional ? [] : ['-r']),
    ...(value === undefined ? [] : [offered(value.values, reports)]),
    `-d ${quoted(brief(description))}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function offered(values: Values, reports: readonly string[]): string {
  if (typeof values !== 'string') return `-f -a ${quoted(values.join(' '))}`;
  switch (values) {
    case 'files':
      return '-F';
    case 'folders':
      return `-f -a '(__fish_complete_directories)'`;
    case 'checks':
      return `-f -a '(__qna_ready_checks)'`;
    case 'items':
      return `-f -a '(__qna_ready_items)'`;
    case 'reports':
      return `-f -a ${quoted(reports.join(' '))}`;
    case 'none':
      return '-f';
  }
}

function tabled(words: readonly Word[]): string {
  return words.map(({ name, description }) => `${quoted(name)} ${quoted(brief(description))}`).join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
