import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { canLink, hyperlinkFor } from '../../src/commands/terminal.ts';
import { COMMAND_LINE } from './command-line.ts';
import { CONFIG_MAP, DEPLOYMENT, READY_DEPLOYMENT, SERVICE } from './manifests.ts';
import { type CliWorld, runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const COLOUR = '\u001b[';
const LINK = '\u001b]8;;';
const TERMINAL = { isTTY: true, columns: 100 };
const KITTY = { TERM: 'xterm-kitty' };

async function validated(world: CliWorld, ...options: readonly string[]) {
  const cwd = world.cwd ?? temporaryFolder({ 'k8s/all.yaml': `${DEPLOYMENT}---\n${SERVICE}` });
  return runCli(['validate', 'k8s', '--only', 'probes', ...options], { ...world, cwd });
}

describe('colour', () => {
  it.each<[name: string, world: CliWorld, options: readonly string[], isColoured: boolean]>([
    ['a terminal', TERMINAL, [], true],
    ['a pipe', {}, [], false],
    ['NO_COLOR', { ...TERMINAL, env: { NO_COLOR: '1' } }, [], false],
    ['an empty NO_COLOR', { ...TERMINAL, env: { NO_COLOR: '' } }, [], true],
    ['TERM=dumb', { ...TERMINAL, env: { TERM: 'dumb' } }, [], false],
    ['FORCE_COLOR in a pipe', { env: { FORCE_COLOR: '1' } }, [], true],
    ['FORCE_COLOR beside NO_COLOR', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }, [], true],
    ['FORCE_COLOR=0', { ...TERMINAL, env: { FORCE_COLOR: '0' } }, [], false],
    ['--color', { env: { NO_COLOR: '1' } }, ['--color'], true],
    ['--color=always', {}, ['--color=always'], true],
    ['--color always', {}, ['--color', 'always'], true],
    ['--color=auto in a pipe', {}, ['--color=auto'], false],
    ['--color=auto at a terminal', TERMINAL, ['--color=auto'], true],
    ['--color=never', { ...TERMINAL, env: { FORCE_COLOR: '1' } }, ['--color=never'], false],
    ['--no-color', { ...TERMINAL, env: { FORCE_COLOR: '1' } }, ['--no-color'], false],
  ])('with %s', async (_, world, options, isColoured) => {
    const { stdout } = await validated(world, ...options);
    expect(stdout.includes(COLOUR)).toBe(isColoured);
  });

  it('leaves the path behind a bare --color what it is', async () => {
    const cwd = temporaryFolder({ 'k8s/all.yaml': CONFIG_MAP });
    const { stdout, stderr } = await runCli(['validate', '--color', 'k8s'], { cwd });
    expect(stderr).toBe('');
    expect(stdout).toContain(COLOUR);
  });

  it('says nothing that a mark and a word do not say as well', async () => {
    const cwd = temporaryFolder({
      'k8s/all.yaml': `${DEPLOYMENT}---\n${SERVICE}---\n${READY_DEPLOYMENT.replaceAll('qna', 'b')}`,
    });
    const plain = await validated({ cwd, ...TERMINAL }, '--verbose', '--no-color');
    const coloured = await validated({ cwd, ...TERMINAL }, '--verbose');
    expect(stripVTControlCharacters(coloured.stdout)).toBe(plain.stdout);
    const states = plain.stdout.split('\n').filter((line) => /^[✔✘?☐–] \d/u.test(line));
    const marks = new Map(states.map((line) => [line.slice(29, 44).trim(), line.charAt(0)]));
    expect(new Set(marks.values()).size).toBe(marks.size);
    expect(marks.get('to do')).toBe('✘');
  });
});

describe('links', () => {
  it('lead from a place to its file and from a check to its page, under the same words', async () => {
    const cwd = temporaryFolder({ 'k8s/all.yaml': `${DEPLOYMENT}---\n${SERVICE}` });
    const plain = await validated({ cwd, ...TERMINAL });
    const { stdout } = await validated({ cwd, ...TERMINAL, env: KITTY });
    expect(stdout.replaceAll('\u001b', 'ESC')).toMatch(/ESC\]8;;file:\/\/\/[!-~]*\/k8s\/all\.yaml#\d+ESC\\/);
    expect(stdout).toContain(`${LINK}https://kubernetes.io/`);
    expect(stripVTControlCharacters(stdout)).toBe(stripVTControlCharacters(plain.stdout));
  });

  it.each<[name: string, env: Readonly<Record<string, string>>, isTTY: boolean, isLinked: boolean]>([
    ['kitty', KITTY, true, true],
    ['alacritty', { TERM: 'alacritty' }, true, true],
    ['an unknown terminal', { TERM: 'xterm-256color' }, true, false],
    ['a pipe', KITTY, false, false],
    ['a terminal that is dumb', { TERM: 'dumb', WT_SESSION: '1' }, true, false],
    ['a pipeline', { ...KITTY, CI: 'true' }, true, false],
    ['Windows Terminal', { WT_SESSION: '1' }, true, true],
    ['iTerm2', { TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.4.1' }, true, true],
    ['an old iTerm2', { TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.0.9' }, true, false],
    ['WezTerm', { TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '20240203-110809' }, true, true],
    ['VS Code', { TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.99.0' }, true, true],
    ['an old VS Code', { TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.71.0' }, true, false],
    ['ghostty', { TERM_PROGRAM: 'ghostty' }, true, true],
    ['GNOME Terminal', { VTE_VERSION: '7200' }, true, true],
    ['VTE 0.50.0, which crashes on a link', { VTE_VERSION: '5000' }, true, false],
    ['FORCE_HYPERLINK=1', { FORCE_HYPERLINK: '1' }, false, true],
    ['FORCE_HYPERLINK=0', { ...KITTY, FORCE_HYPERLINK: '0' }, true, false],
  ])('in %s', (_, env, isTTY, isLinked) => {
    expect(canLink({ write: () => {}, isTTY, columns: 80 }, true, env)).toBe(isLinked);
  });

  it('are not made where nobody wants colour', () => {
    expect(canLink({ write: () => {}, isTTY: true, columns: 80 }, false, KITTY)).toBe(false);
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'no address', 'https://'])(
    'lead to no page that is none: %j',
    (target) => {
      expect(link()('shown', target)).toBe('shown');
    },
  );

  it('cannot be ended by what they lead to', () => {
    const name = 'k8s/\u001b]8;;https://evil.example\u001b\\ \u0007ü#?.yaml';
    const cwd = temporaryFolder({ [name]: '' });
    for (const told of [
      link(cwd)('shown', { file: name, line: 3 }),
      link()('shown', 'https://example.com/\u001b\\\u0007?a=\u009c#\u001b]8;;'),
    ]) {
      expect(told.replaceAll('\u001b', '␛')).toMatch(/^␛\]8;;[!-~]+␛\\shown␛\]8;;␛\\$/);
      expect(stripVTControlCharacters(told)).toBe('shown');
    }
  });

  it('lead to no file that is not there, as in a report of another machine', () => {
    expect(link(temporaryFolder())('shown', { file: 'k8s/gone.yaml', line: 1 })).toBe('shown');
  });

  function link(cwd = '/') {
    const output = { write: () => {}, isTTY: true, columns: 80 };
    return hyperlinkFor(output, true, { env: KITTY, cwd }) ?? (() => 'no links');
  }
});

describe('--quiet', () => {
  it('tells what is open and the verdict, and writes nothing else anywhere', async () => {
    const { stdout, stderr, exitCode } = await validated({}, '--quiet', '--report', 'json=report.json');
    expect(stderr).toBe('');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^error probes\/readiness-probe Deployment qna/m);
    expect(stdout).toMatch(/^Not ready: .*\(exit code 1\)\.$/m);
    expect(stdout).not.toContain('✘');
    expect(stdout.length).toBeLessThan((await validated({})).stdout.length / 2);
  });

  it('is one line where nothing is open', async () => {
    const cwd = temporaryFolder({ 'k8s/all.yaml': CONFIG_MAP });
    const { stdout } = await runCli(['validate', 'k8s', '-q', '--only', 'secrets/credential-in-configmap'], { cwd });
    expect(stdout).toMatch(/^Ready: .*\n$/);
  });

  it('still tells why a run came to nothing', async () => {
    const { stderr, exitCode } = await runCli(['validate', 'nowhere', '--quiet'], { cwd: temporaryFolder() });
    expect(stderr).toContain('nowhere cannot be read');
    expect(exitCode).toBe(2);
  });

  it('is not --verbose', async () => {
    const { stderr, exitCode } = await validated({}, '--quiet', '--verbose');
    expect(stderr).toContain("cannot be used with option '-v, --verbose'");
    expect(exitCode).toBe(2);
  });
});

describe('--explain', () => {
  it('tells once of each check that is open why it is made and how to verify it, in the words of explain', async () => {
    const one = `${DEPLOYMENT}---\n${SERVICE}`;
    const two = `${one}---\n${one.replaceAll('qna', 'other')}`;
    const { stdout } = await validated({ cwd: temporaryFolder({ 'k8s/all.yaml': two }) }, '--explain');
    const page = (await runCli(['explain', 'probes/readiness-probe'])).stdout;
    const [, why = ''] = /^Why\n {2}(.{20,50}) /m.exec(page) ?? [];
    expect(why).not.toBe('');
    expect(stdout.split(`why       ${why}`)).toHaveLength(2);
    expect(stdout.match(/probes\/readiness-probe Deployment/g)).toHaveLength(2);
    expect(stdout).toContain('  verify    ');
    expect(stdout).toContain('  see       https://');
    expect((await validated({})).stdout).not.toContain('  why  ');
  });

  it('names the checks that were too many, instead of explaining all', async () => {
    const { stdout } = await runCli(['checklist', '.', '--explain'], {
      cwd: temporaryFolder({ 'all.yaml': `${DEPLOYMENT}---\n${SERVICE}---\n${CONFIG_MAP}` }),
    });
    const explained = stdout.match(/^ {2}why {7}/gm)?.length ?? 0;
    expect(explained).toBeGreaterThan(10);
    expect(explained).toBeLessThanOrEqual(25);
  });
});

describe('what was probably meant', () => {
  it.each<[argv: readonly string[], meant: string]>([
    [['validte', '.'], 'validate'],
    [['validate', '.', '--quite'], '--quiet'],
    [['validate', '.', '--report', 'jsn=report.json'], 'json'],
    [['validate', '.', '--fail-on', 'warnin'], 'warning'],
    [['validate', '.', '--color=allways'], 'always'],
    [['validate', '.', '--only', 'probes/budgte'], 'probes/budget'],
    [['validate', '.', '--skip', 'readiness-probe'], 'probes/readiness-probe'],
    [['validate', '.', '--only', 'liveness-endpont'], 'liveness-endpoint'],
    [['explain', 'helth'], 'health'],
    [['explain', '41'], '4.1'],
    [['init', '--monitoring', 'anotations'], 'annotations'],
    [['completion', 'zhs'], 'zsh'],
  ])('of %j is told', async (argv, meant) => {
    const { stderr, exitCode } = await runCli(argv, { cwd: temporaryFolder() });
    expect(stderr).toMatch(/^qna-ready: [^\n]*\.\n {2}/);
    expect(stderr).toContain(`Did you mean ${meant}?`);
    expect(exitCode).toBe(2);
  });
});

describe('the help', () => {
  it.each(COMMAND_LINE.map((command) => [['qna-ready', ...command.path].join(' '), command] as const))(
    'of %s has examples, which begin with it',
    (name, { sections }) => {
      const examples = sections.find(({ title }) => title === 'Examples')?.lines ?? [];
      expect(examples.length).toBeGreaterThan(0);
      for (const line of examples) expect(line).toContain(name);
    },
  );

  it('has the options in groups, those of the command alone first', async () => {
    const { stdout } = await runCli(['audit', '--help'], { columns: 100 });
    expect(stdout.match(/^\S.*:$/gm)).toEqual([
      'Options:',
      'Choosing what is judged:',
      'Judging:',
      'Telling:',
      'Cluster:',
      'Files:',
      'Examples:',
      'Exit codes:',
    ]);
  });

  it('has the descriptions in one column', async () => {
    for (const columns of [60, 100]) {
      const { stdout } = await runCli(['validate', '--help'], { columns });
      const starts = stdout.match(/^ {2}(?:-\w, )?--\S+(?: [<[]\S+)? {2,}(?=\S)/gm)?.map(({ length }) => length);
      expect(new Set(starts).size).toBe(1);
    }
  });
});
