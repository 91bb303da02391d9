import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/reporters/columns.ts';
import { textReporter } from '../../src/reporters/text.ts';
import { fullReport } from '../reporters/reports.ts';
import { COMMAND_LINE } from './command-line.ts';
import { CONFIG_MAP, DEPLOYMENT, SERVICE } from './manifests.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const WIDTHS = [60, 80, 100, 120, 200] as const;
const SNAPSHOT = join(import.meta.dirname, '../recorded/audit-snapshot-v1.json');
const RUNS: readonly (readonly string[])[] = [
  ...COMMAND_LINE.map(({ path }) => [...path, '--help']),
  ['explain'],
  ['explain', 'probes'],
  ['explain', 'llm/budget'],
  ...[[], ['--verbose'], ['--quiet'], ['--explain']].flatMap((how) => [
    ['validate', '.', ...how],
    ['checklist', '.', '--snapshot', SNAPSHOT, ...how],
    ['audit', '--from', SNAPSHOT, ...how],
  ]),
];

describe.each(WIDTHS)('at a terminal of %i columns', (columns) => {
  it.each(RUNS.map((run) => [run.map((word) => word.replace(SNAPSHOT, 'SNAPSHOT')).join(' '), run] as const))(
    'no line of %s is wider, but for what is to be copied in one piece',
    async (_, argv) => {
      const cwd = temporaryFolder({
        'k8s/all.yaml': `${DEPLOYMENT}---\n${SERVICE}---\n${CONFIG_MAP}`,
        '日本語/設定.yaml': DEPLOYMENT.replaceAll('qna', 'other').replace('name: api', 'name: 日本語のとても長い名前'),
      });
      const { stdout } = await runCli(argv, { cwd, isTTY: true, columns, env: { TERM: 'xterm-256color' } });
      expect(tooWide(stdout, columns)).toEqual([]);
      expect(stdout.split('\n').length).toBeGreaterThan(3);
    },
  );

  it.each([
    'plain words, many of them, so that a line has to be broken somewhere',
    '日本語の説明がとても長くて、どこかで折り返さなければならない場合でも幅を超えない',
    'e\u0301a\u0300 🚀 combined\tand pictured ✅ beside tabs',
  ])('no line of a report of %j is wider', (words) => {
    const style = { color: true, width: columns, verbose: true, explain: true };
    const told = [...(textReporter(fullReport(words), style, () => undefined) as Iterable<string>)].join('');
    expect(tooWide(told, columns)).toEqual([]);
  });
});

describe('the columns of the checklist', () => {
  it.each([80, 100, 120, 200])('stand below each other at %i columns, whatever script a name is in', (width) => {
    const base = fullReport('plain');
    const items = base.items.map((item, nth) => ({ ...item, name: ['日本語', 'Größe', 'liveness'][nth % 3] ?? '' }));
    const told = [
      ...(textReporter(
        { ...base, items, findings: [], applications: [] },
        { color: false, width, verbose: false },
        () => undefined,
      ) as Iterable<string>),
    ].join('');
    const words = ['done', 'to do', 'unknown', 'manual', 'not applicable'];
    const starts = told
      .split('\n')
      .filter((line) => /^[✔✘?☐–] /u.test(line))
      .map((line) => {
        const word = words.find((one) => line.includes(` ${one} `)) ?? 'no word';
        return columnsOf(line.slice(0, line.indexOf(` ${word} `) + 1));
      });
    expect(starts.length).toBe(items.length);
    expect([...new Set(starts)]).toEqual([29]);
  });
});

/** The lines that are wider than the terminal though they could be broken. */
function tooWide(text: string, columns: number): readonly string[] {
  return stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => columnsOf(line) > columns)
    .filter((line) => {
      // Behind the name of a row, or alone.
      const isWord = !/\s/.test(line.replace(/^ {2}[a-z]{1,9} +/, '').trim());
      const isCommand = /^ {2}command {3}/.test(line) || /^ .*\bqna-ready /.test(line);
      return !isWord && !isCommand;
    });
}
