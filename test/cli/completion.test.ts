import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeProgram } from '../../src/cli/describe-program.ts';
import { bashScript } from '../../src/commands/completion/bash.ts';
import { machineProgram } from '../machine-programs.ts';
import { runCli } from './run-cli.ts';

/** What is typed, what must be offered, and what must not. */
interface Case {
  readonly typed: string;
  readonly offered: readonly string[];
  readonly missing?: readonly string[];
}

const CASES: readonly Case[] = [
  { typed: 'qna-ready va', offered: ['validate'], missing: ['audit', 'notes.txt'] },
  {
    typed: 'qna-ready ',
    offered: ['init', 'validate', 'audit', 'probe', 'checklist', 'explain', 'completion', 'help'],
  },
  { typed: 'qna-ready validate --rep', offered: ['--report'], missing: ['--only'] },
  { typed: 'qna-ready audit --all', offered: ['--all-namespaces', '--allow-unknown'] },
  { typed: 'qna-ready validate --report j', offered: ['json', 'junit'], missing: ['sarif', 'notes.txt'] },
  { typed: 'qna-ready validate --fail-on ', offered: ['note', 'warning', 'error'], missing: ['notes.txt'] },
  { typed: 'qna-ready validate --kubernetes=1.3', offered: ['1.37', '1.36'] },
  { typed: 'qna-ready validate --only probes/', offered: ['probes/budget', 'probes/readiness-probe'] },
  { typed: 'qna-ready checklist . --skip 4', offered: ['4.1', '4.2'], missing: ['3.1'] },
  { typed: 'qna-ready explain health', offered: ['health', 'health/ready'], missing: ['probes/budget'] },
  { typed: 'qna-ready validate n', offered: ['notes.txt'], missing: ['network'] },
  { typed: 'qna-ready audit --from n', offered: ['notes.txt'] },
  { typed: 'qna-ready init ', offered: ['k8s/'], missing: ['notes.txt'] },
  { typed: 'qna-ready probe --metrics-path n', offered: [], missing: ['notes.txt'] },
  { typed: 'qna-ready help pr', offered: ['probe'], missing: ['audit'] },
  { typed: 'qna-ready completion ', offered: ['bash', 'zsh', 'fish'] },
];

const ITEMS = ['4.1', '4.2'].map((name) => ({ name, description: '' }));

/** What is completed lies in the first, and what completes it in the second. */
const folder = mkdtempSync(join(tmpdir(), 'qna-ready-completed-'));
const scripts = mkdtempSync(join(tmpdir(), 'qna-ready-completion-'));

beforeAll(async () => {
  mkdirSync(join(folder, 'k8s'));
  for (const name of ['notes.txt', 'values prod.yaml']) writeFileSync(join(folder, name), '');
  for (const shell of ['bash', 'zsh', 'fish']) write(shell, (await runCli(['completion', shell])).stdout);
});

afterAll(() => {
  for (const each of [folder, scripts]) rmSync(each, { recursive: true, force: true });
});

const bash = machineProgram('bash');
const zsh = machineProgram('zsh');
const fish = machineProgram('fish');

describe.skipIf(bash === undefined)('completion in bash', () => {
  it('is registered for the command', () => {
    expect(inBash('bash', 'complete -p qna-ready')).toBe('complete -F _qna_ready qna-ready\n');
  });

  it.each(CASES)('of "$typed"', (one) => {
    holds(one, completed(one.typed));
  });

  it('goes on behind the = of a report', () => {
    expect(completed('qna-ready validate --report=js')).toEqual(['json']);
    expect(completed('qna-ready validate --report json=n')).toEqual(['notes.txt']);
  });

  it('offers whole words where somebody lets bash break none at =', () => {
    expect(completed('qna-ready validate --report=js', ' ')).toEqual(['--report=json']);
  });

  it('offers no option behind --', () => {
    expect(completed('qna-ready validate -- --')).toEqual([]);
  });

  it('leaves a name that is quoted or escaped to bash', () => {
    expect(completed('qna-ready validate values\\ p')).toEqual([]);
    expect(completed("qna-ready validate 'values p")).toEqual([]);
  });

  it('takes a name with a space for one', () => {
    expect(completed('qna-ready validate v')).toEqual(['values prod.yaml']);
  });

  it('offers commands below a command beside the files that it takes', () => {
    const sign = new Command('qna-ready').command('checklist').argument('[path...]', 'files');
    sign.command('sign').argument('<item>', 'what is signed').option('--note <text>', 'why');
    write('nested', bashScript(describeProgram(sign.parent ?? sign), { checks: [], items: ITEMS, reports: [] }));
    const below = (line: string) => completed(line, undefined, 'nested');
    expect(below('qna-ready checklist ').toSorted()).toEqual(['help', 'k8s', 'notes.txt', 'sign', 'values prod.yaml']);
    expect(below('qna-ready checklist n')).toEqual(['notes.txt']);
    expect(below('qna-ready checklist . s')).toEqual([]);
    expect(below('qna-ready checklist sign ')).toEqual(['4.1', '4.2']);
    expect(below('qna-ready checklist sign 4.1 --n')).toEqual(['--note']);
    expect(below('qna-ready checklist sign --note ')).toEqual([]);
  });

  function completed(line: string, breaks = ' \t\n"\'><=;|&(:', script = 'bash'): readonly string[] {
    const told = inBash(
      script,
      `COMP_WORDBREAKS=$2; COMP_LINE=$1; COMP_POINT=${'$'}{#1}; _qna_ready; for reply in "${'$'}{COMPREPLY[@]}"; do echo "$reply"; done`,
      line,
      breaks,
    );
    return told.split('\n').filter((word) => word !== '');
  }

  function inBash(script: string, commands: string, ...args: readonly string[]): string {
    return output(bash, ['--norc', '--noprofile', '-c', `source "$0"; ${commands}`, join(scripts, script), ...args]);
  }
});

describe.skipIf(fish === undefined)('completion in fish', () => {
  it.each(CASES)('of "$typed"', (one) => {
    const told = output(fish, [
      '--no-config',
      '-c',
      'source $argv[1]; complete -C $argv[2]',
      join(scripts, 'fish'),
      one.typed,
    ]);
    const words = told
      .split('\n')
      .map((line) => (line.split('\t')[0] ?? '').replace(/^--\w+=/, ''))
      .filter((word) => word !== '');
    holds(one, words);
  });

  it('says what a word is', () => {
    const told = output(fish, [
      '--no-config',
      '-c',
      'source $argv[1]; complete -C "qna-ready val"',
      join(scripts, 'fish'),
    ]);
    expect(told).toBe('validate\tjudge manifests, Dockerfiles and documents offline\n');
  });
});

describe.skipIf(zsh === undefined)('completion in zsh', () => {
  // One shell for all of them: it takes the longest to start.
  let told = new Map<string, readonly string[]>();
  beforeAll(() => {
    told = completedInZsh(CASES.map(({ typed }) => typed));
  });

  it.each(CASES)('of "$typed"', (one) => {
    holds(one, told.get(one.typed) ?? []);
  });
});

function holds({ offered, missing = [] }: Case, words: readonly string[]): void {
  const bare = words.map((word) => word.replace(/\/$/, ''));
  for (const word of offered) expect(bare).toContain(word.replace(/\/$/, ''));
  for (const word of missing) expect(bare).not.toContain(word);
}

/** Types each line into an interactive zsh, presses the tabulator key, and reads what the completion system was given. */
function completedInZsh(lines: readonly string[]): Map<string, readonly string[]> {
  const log = join(scripts, 'offered');
  const inner = `
PS1=; PS2=; unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste
autoload -Uz compinit; compinit -D -u
source ${join(scripts, 'zsh')}
zstyle ':completion:*' verbose no
compadd() {
  local -a hits
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  builtin compadd -A hits "$@"
  print -rl -- $hits >> ${log}
  builtin compadd "$@"
}
offer() { zle complete-word; print -r -- "=end" >> ${log}; BUFFER=; zle accept-line }
zle -N offer; bindkey '^X' offer; bindkey '^I' complete-word
LISTMAX=0; setopt no_list_ambiguous no_beep no_always_last_prompt; unsetopt auto_list
`;
  const driver = `
zmodload zsh/zpty
cd ${folder}
: > ${log}
zpty inner ${zsh} -f -i
zpty -w inner 'source ${join(scripts, 'inner')}; print READY-NOW | tr -d -'
zpty -r inner seen '*READYNOW*'
integer count=0
while IFS= read -r line; do
  (( count += 1 ))
  zpty -w -n inner "$line"$'\\x18'
  zpty -w inner "print DONE-$count | tr -d -"
  zpty -r inner seen "*DONE$count*"
done < ${join(scripts, 'lines')}
zpty -d inner
`;
  write('inner', inner);
  write('lines', `${lines.join('\n')}\n`);
  output(zsh, ['-f', '-c', driver]);
  const parts = readFileSync(log, 'utf8').split('=end\n');
  return new Map(lines.map((line, index) => [line, (parts[index] ?? '').split('\n').filter((word) => word !== '')]));
}

function write(name: string, text: string): void {
  writeFileSync(join(scripts, name), text);
}

function output(program: string | undefined, args: readonly string[]): string {
  const { PATH } = process.env;
  const { stdout, stderr, status } = spawnSync(program ?? '', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH, HOME: scripts, LANG: 'C.UTF-8', TERM: 'xterm' },
    timeout: 25_000,
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}
