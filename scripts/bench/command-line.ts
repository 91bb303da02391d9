import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../steps.ts';
import { DOCUMENTS_IN_FILE, writeFiftyFiles, writeManySets, writeOneSet } from './input.ts';
import { lineChart } from './line-chart.ts';
import { median } from './load.ts';
import { type Peers, preparePeers } from './peers.ts';
import { runTimed, type Timed } from './run-timed.ts';

/** Times are compared within one run only: the machine is shared, and what it does beside us changes. */
const ROUNDS = 11;
const SLOW_ROUNDS = 3;
const DOCUMENTS = 16_000;
const GROWTH = [1_000, 4_000, 16_000, 64_000, 100_000];
const BUNDLE = join(ROOT, 'dist/qna-ready.js');
const GRAPHS = join(ROOT, 'docs/performance');
const NODE = process.execPath;

/** Reads what validate reads, parses it with the same library, and judges nothing. */
const PARSE_ONLY = `
const { readdirSync, readFileSync } = await import('node:fs');
const { parseAllDocuments } = await import(${JSON.stringify(join(ROOT, 'node_modules/yaml/dist/index.js'))});
const folder = process.argv[1];
for (const name of readdirSync(folder))
  for (const document of parseAllDocuments(readFileSync(folder + '/' + name, 'utf8'), { version: '1.1' })) document.toJS();
`;

/** By name, a program and its arguments; made anew for each run where a run changes what it finds. */
type Commands = Readonly<Record<string, readonly string[] | (() => readonly string[])>>;

/**
 * Times the commands of the release bundle against bare programs and against other judges of manifests, and prints a line for each;
 * `--graphs` also draws how the cost grows.
 */
export async function benchCommandLine(flags: readonly string[]): Promise<void> {
  spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} was not built`);
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-bench-'));
  try {
    const peers = await preparePeers(join(folder, 'schemas'));
    const small = join(folder, 'small');
    const large = join(folder, 'large');
    const files = writeOneSet(small);
    writeManySets(large, DOCUMENTS);
    compare(`${files} files`, ROUNDS, {
      'node -e 0': [NODE, '-e', '0'],
      'qna-ready --version': [NODE, BUNDLE, '--version'],
      'qna-ready validate': [NODE, BUNDLE, 'validate', small],
      ...commandsOf(peers, small),
      'qna-ready init --yes, empty folder': () => [NODE, BUNDLE, 'init', mkdtempSync(join(folder, 'empty-')), '--yes'],
      'qna-ready init --yes, nothing to do': [NODE, BUNDLE, 'init', join(folder, 'project'), '--yes'],
    });
    const changed = join(folder, 'changed');
    writeFiftyFiles(changed);
    commitAll(changed);
    compare('50 files in a repository', ROUNDS, {
      'node -e 0': [NODE, '-e', '0'],
      'qna-ready validate': [NODE, BUNDLE, 'validate', changed],
      'qna-ready gate': [NODE, BUNDLE, 'gate', changed],
      'qna-ready gate --changed-since HEAD': [NODE, BUNDLE, 'gate', changed, '--changed-since', 'HEAD'],
    });
    compare(`${DOCUMENTS} documents in ${DOCUMENTS / DOCUMENTS_IN_FILE} files`, SLOW_ROUNDS, {
      'qna-ready validate': [NODE, BUNDLE, 'validate', large],
      'qna-ready validate --only schema/valid': [NODE, BUNDLE, 'validate', large, '--only', 'schema/valid'],
      ...commandsOf(peers, large),
      'parse with yaml, judge nothing': [NODE, '--input-type=module', '-e', PARSE_ONLY, large],
    });
    if (flags.includes('--graphs')) drawGrowth(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function commitAll(folder: string): void {
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '.'],
    [...author, 'commit', '--quiet', '--message', 'all'],
  ])
    spawnSync('git', args, { cwd: folder, stdio: 'inherit' });
}

function commandsOf(peers: Peers, input: string): Commands {
  return Object.fromEntries(Object.entries(peers).map(([name, commandFor]) => [name, commandFor(input)]));
}

/** Runs the commands in turn, so that a slow moment of the machine falls on all of them, and prints their medians. */
function compare(title: string, rounds: number, commands: Commands): void {
  const runs = Object.values(commands).map((): Timed[] => []);
  for (let round = 0; round <= rounds; round += 1)
    for (const [index, command] of Object.values(commands).entries()) {
      const timed = runTimed(typeof command === 'function' ? command() : command);
      // The first round warms the disk's cache and the compile cache.
      if (round > 0) runs[index]?.push(timed);
    }
  const row = (...cells: readonly string[]) => {
    const [name = '', ...figures] = cells;
    console.log(`${name.padEnd(40)} ${figures.map((figure) => figure.padStart(10)).join(' ')}`);
  };
  row(title, 'elapsed', 'ratio', 'processor', 'ratio', 'peak');
  const middle = (of: readonly Timed[], figure: keyof Timed) => median(of.map((timed) => timed[figure]));
  const ratio = (of: readonly Timed[], figure: keyof Timed) =>
    `${(middle(of, figure) / middle(runs[0] ?? [], figure)).toFixed(2)} x`;
  for (const [index, name] of Object.keys(commands).entries()) {
    const own = runs[index] ?? [];
    row(
      name,
      `${middle(own, 'wallMs').toFixed(0)} ms`,
      ratio(own, 'wallMs'),
      `${middle(own, 'processorMs').toFixed(0)} ms`,
      ratio(own, 'processorMs'),
      `${middle(own, 'peakMiB').toFixed(0)} MiB`,
    );
  }
}

function drawGrowth(folder: string): void {
  const points = GROWTH.map((documents) => {
    const input = join(folder, `growth-${documents}`);
    writeManySets(input, documents);
    const { processorMs, peakMiB } = runTimed([NODE, BUNDLE, 'validate', input]);
    const each = `${((processorMs * 1000) / documents).toFixed(0)} µs for each`;
    console.log(`${documents} documents: ${(processorMs / 1000).toFixed(1)} s, ${each}, ${peakMiB.toFixed(0)} MiB`);
    return [documents, processorMs / 1000] as const;
  });
  mkdirSync(GRAPHS, { recursive: true });
  const chart = {
    title: 'Processor time of validate by documents',
    x: 'documents',
    y: 'seconds',
    lines: [{ name: 'all checks', color: '#337ab7', points }],
  };
  writeFileSync(join(GRAPHS, 'growth.svg'), lineChart(chart));
}
