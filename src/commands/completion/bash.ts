import { allOf, type CommandTree, type TreeOption, type Values } from '../command-tree.ts';
import type { ShellScript } from './words.ts';

/** For bash 3.2 and later, without the package bash-completion. */
export const bashScript: ShellScript = (tree, { checks, items, reports }) => {
  const nodes = allOf(tree);
  return `# Completion of qna-ready for bash, printed by: qna-ready completion bash
_qna_ready() {
  local line=\${COMP_LINE:0:COMP_POINT} cur='' at='' values='none' rest='' last='' i=1 only_arguments=''
  local typed=() IFS=$' \\t\\n'
  read -ra typed <<<"$line"
  # bash breaks words at = and : too, so they are taken from the line as it was typed.
  case $line in
    *[[:space:]]) ;;
    *)
      cur=\${typed[\${#typed[@]}-1]}
      unset "typed[\${#typed[@]}-1]"
      ;;
  esac
  while [ "$i" -lt "\${#typed[@]}" ]; do
    case "$at \${typed[i]}" in
${nodes
  .filter(({ path }) => path.length > 0)
  .map(
    ({ path }) =>
      `      ${quoted(`${path.slice(0, -1).join(' ')} ${path.at(-1) ?? ''}`)}) at=${quoted(path.join(' '))} ;;`,
  )
  .join('\n')}
      *) break ;;
    esac
    i=$((i + 1))
  done
  [ "\${#typed[@]}" -gt "$i" ] && last=\${typed[\${#typed[@]}-1]}
  case " \${typed[*]:i} " in *' -- '*) only_arguments=yes ;; esac
  rest=$cur
  if [ -z "$only_arguments" ] && _qna_ready_option "$at" "$last"; then
    :
  elif [ -z "$only_arguments" ] && [[ $cur == --*=* ]] && _qna_ready_option "$at" "\${cur%%=*}"; then
    rest=\${cur#*=}
  elif [ -z "$only_arguments" ] && [[ $cur == -* ]]; then
    values="words $(_qna_ready_options "$at")"
  else
    _qna_ready_argument "$at" "$([ "\${#typed[@]}" -eq "$i" ] && echo first)"
  fi
  case $values in
    reports)
      if [[ $rest == *=* ]]; then
        values=files
        rest=\${rest#*=}
      else
        values=${quoted(`words ${reports.join(' ')}`)}
      fi
      ;;
    checks) values=${quoted(`words ${checks.map(({ name }) => name).join(' ')}`)} ;;
    items) values=${quoted(`words ${items.map(({ name }) => name).join(' ')}`)} ;;
  esac
  COMPREPLY=()
  # A name in quotes, or with an escaped space, is taken apart above; bash itself knows how it goes on.
  case $values:$line in
    *files:*[\\\\\\"\\']* | folders:*[\\\\\\"\\']*)
      compopt -o default 2>/dev/null
      return 0
      ;;
  esac
  local reply lead=''
  # What bash itself takes for the word begins behind the last =, unless somebody told it otherwise.
  [[ $COMP_WORDBREAKS == *=* ]] || lead=\${cur%"$rest"}
  while IFS= read -r reply; do
    [ -n "$reply" ] && COMPREPLY+=("$lead$reply")
  done < <(
    case $values in
      *files) compgen -f -- "$rest" ;;
      folders) compgen -d -- "$rest" ;;
    esac
    case $values in
      words*) values=\${values#words} && values=\${values%files} && compgen -W "$values" -- "$rest" ;;
    esac
  )
  case $values in *files | folders) compopt -o filenames 2>/dev/null ;; esac
  return 0
}

# Sets what the value of an option is; false where it takes none.
_qna_ready_option() {
  case "$1 $2" in
${nodes
  .flatMap(({ path, options }) =>
    options.flatMap((option) =>
      option.value === undefined || option.value.isOptional
        ? []
        : [
            `    ${flagsOf(option)
              .map((flag) => quoted(`${path.join(' ')} ${flag}`))
              .join(' | ')}) values=${quoted(wordsOf(option.value.values))} ;;`,
          ],
    ),
  )
  .join('\n')}
    *) return 1 ;;
  esac
}

# Prints the options of a command.
_qna_ready_options() {
  case $1 in
${nodes.map(({ path, options }) => `    ${quoted(path.join(' '))}) echo ${quoted(options.flatMap(flagsOf).join(' '))} ;;`).join('\n')}
  esac
}

# Sets what the arguments of a command are; a command of its own can only be the first.
_qna_ready_argument() {
  case "$1 $2" in
${nodes
  // What is longer stands first, since a command's own pattern is the beginning of those below it.
  .toSorted((a, b) => b.path.length - a.path.length)
  .flatMap(argumentLines)
  .join('\n')}
  esac
}

complete -F _qna_ready qna-ready
`;
};

function argumentLines({ path, commands, arguments: [first] }: CommandTree): readonly string[] {
  const own = first === undefined ? 'none' : wordsOf(first.values);
  const names = commands.map((command) => command.path.at(-1) ?? '').join(' ');
  const line = (pattern: string, values: string) => `    ${pattern}) values=${quoted(values)} ;;`;
  return [
    // Files stand beside the names of commands where a command takes both.
    ...(names === ''
      ? []
      : [line(quoted(`${path.join(' ')} first`), `words ${names}${own === 'files' ? ' files' : ''}`)]),
    line(`${quoted(`${path.join(' ')} `)}*`, first === undefined ? 'none' : own),
  ];
}

function wordsOf(values: Values): string {
  return typeof values === 'string' ? values : `words ${values.join(' ')}`;
}

function flagsOf({ short, long }: TreeOption): readonly string[] {
  return [...(short === undefined ? [] : [short]), long];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
