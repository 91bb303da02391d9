import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../steps.ts';
import { writeManySets, writeOneSet } from './input.ts';

/** Wall time is compared within one run only: the machine is shared, and what it does beside us changes. */
const ROUNDS = 11;
const SETS = 2000;
const BUNDLE = join(ROOT, 'dist/qna-ready.js');
const MAX_OUTPUT = 1024 * 1024 * 1024;

/** Reads what validate reads, parses it with the same library, and judges nothing. */
const PARSE_ONLY = `
const { readdirSync, readFileSync } = await import('node:fs');
const { parseAllDocuments } = await import(${JSON.stringify(join(ROOT, 'node_modules/yaml/dist/index.js'))});
const folder = process.argv[1];
for (const name of readdirSync(folder))
  for (const document of parseAllDocuments(readFileSync(folder + '/' + name, 'utf8'), { version: '1.1' })) document.toJS();
`;

/** By name, what is given to Node.js; made anew for each run where a run changes what it finds. */
type Commands = Readonly<Record<string, readonly string[] | (() => readonly string[])>>;

/** Times the commands of the release bundle against bare programs, and prints a line for each. */
export function benchCommandLine(): void {
  spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} was not built`);
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-bench-'));
  try {
    const small = join(folder, 'small');
    const large = join(folder, 'large');
    const files = writeOneSet(small);
    const documents = writeManySets(large, SETS);
    const quick: Commands = {
      'node -e 0': ['-e', '0'],
      'qna-ready --version': [BUNDLE, '--version'],
      [`qna-ready validate, ${files} files`]: [BUNDLE, 'validate', small],
      'qna-ready init --yes, empty folder': () => [BUNDLE, 'init', mkdtempSync(join(folder, 'empty-')), '--yes'],
      'qna-ready init --yes, nothing to do': [BUNDLE, 'init', join(folder, 'project'), '--yes'],
    };
    tell(quick, compare(quick, ROUNDS));
    const slow: Commands = {
      [`parse ${documents} documents, judge nothing`]: ['--input-type=module', '-e', PARSE_ONLY, large],
      [`qna-ready validate, ${documents} documents`]: [BUNDLE, 'validate', large],
    };
    const medians = compare(slow, 3);
    tell(slow, medians);
    console.log(`${Math.round(documents / ((medians.at(-1) ?? Number.NaN) / 1000))} documents/s`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the commands in turn, so that a slow moment of the machine falls on all of them; gives each one's median in ms. */
function compare(commands: Commands, rounds: number): readonly number[] {
  const samples = Object.values(commands).map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1)
    for (const [index, command] of Object.values(commands).entries()) {
      const wallMs = time(argsOf(command));
      // The first round warms the disk's cache and the compile cache.
      if (round > 0) samples[index]?.push(wallMs);
    }
  return samples.map((times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN);
}

function argsOf(command: Commands[string]): readonly string[] {
  return typeof command === 'function' ? command() : command;
}

function time(args: readonly string[]): number {
  const started = process.hrtime.bigint();
  spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: MAX_OUTPUT });
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** The peak of a run of its own: watching costs time. */
function peakMiB(args: readonly string[]): number {
  const watch =
    "data:text/javascript,process.on('exit',()=>process.stderr.write('\\npeak='+process.resourceUsage().maxRSS))";
  const { stderr } = spawnSync(process.execPath, ['--import', watch, ...args], {
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
  });
  return Number(/peak=(\d+)/.exec(stderr)?.[1]) / 1024;
}

/** One line a command: median, ratio to the first, peak memory. */
function tell(commands: Commands, medians: readonly number[]): void {
  const base = medians[0] ?? Number.NaN;
  for (const [index, [name, command]] of Object.entries(commands).entries()) {
    const wallMs = medians[index] ?? Number.NaN;
    const columns = [
      `${wallMs.toFixed(0)} ms`,
      `${(wallMs / base).toFixed(2)} x`,
      `${peakMiB(argsOf(command)).toFixed(0)} MiB`,
    ];
    console.log(`${name.padEnd(44)} ${columns.map((column) => column.padStart(9)).join(' ')}`);
  }
}
