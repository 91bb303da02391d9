import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findPromtool, NO_PROMTOOL } from '../../test/prometheus/find-promtool.ts';
import { median } from './load.ts';
import { madePage } from './made-page.ts';

/** Compared within one run only, in turn: what else the machine does changes from minute to minute. */
const ROUNDS = 5;
const PAGE_MIB = 64;
const STREAMS_MIB = [64, 256, 1024];

interface Measured {
  readonly seconds: number;
  readonly megabytesPerSecond: number;
  readonly peakMiB: number;
}

/** How quickly pages of metrics are read, against splitting the same bytes into lines and against promtool, and in how much memory. */
export async function benchMetrics(): Promise<void> {
  const promtool = await findPromtool();
  if (promtool === undefined) console.log(`without promtool: ${NO_PROMTOOL}`);
  const subjects: Readonly<Record<string, () => Measured>> = {
    'splitting into lines': () => stream('lines', PAGE_MIB),
    'reading strictly': () => stream('parse', PAGE_MIB),
    ...(promtool === undefined ? {} : { 'promtool check metrics': () => lint(promtool) }),
  };
  const runs = Object.entries(subjects).map(([name, measure]) => ({ name, measure, measured: [] as Measured[] }));
  for (let round = 0; round < ROUNDS; round += 1) for (const run of runs) run.measured.push(run.measure());
  console.log(`a page of ${PAGE_MIB} MiB, median of ${ROUNDS} rounds`);
  for (const { name, measured } of runs) tell(name, middle(measured));
  console.log('\na page that is made as it is read');
  for (const mebibytes of STREAMS_MIB) tell(`reading ${mebibytes} MiB strictly`, stream('parse', mebibytes));
}

function stream(how: 'parse' | 'lines', mebibytes: number): Measured {
  const script = join(import.meta.dirname, 'metrics-stream.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, how, String(mebibytes)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`reading ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

/** With its start, which takes a tenth of a second; what it finds is not looked at. */
function lint(promtool: string): Measured {
  const input = Buffer.concat([...madePage(PAGE_MIB * 1024 * 1024)]);
  const started = performance.now();
  const { status, stderr } = spawnSync(promtool, ['check', 'metrics'], { input, encoding: 'utf8' });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0 && status !== 3) throw new Error(`promtool ended with ${status}: ${stderr.slice(0, 1000)}`);
  return { seconds, megabytesPerSecond: input.length / 1e6 / seconds, peakMiB: Number.NaN };
}

function middle(measured: readonly Measured[]): Measured {
  const of = (figure: keyof Measured) => median(measured.map((each) => each[figure]));
  return { seconds: of('seconds'), megabytesPerSecond: of('megabytesPerSecond'), peakMiB: of('peakMiB') };
}

function tell(name: string, { seconds, megabytesPerSecond, peakMiB }: Measured): void {
  const memory = Number.isNaN(peakMiB) ? '' : `${peakMiB.toFixed(0)} MiB`;
  const figures = [`${megabytesPerSecond.toFixed(0)} MB/s`, `${seconds.toFixed(2)} s`, memory];
  console.log(`${name.padEnd(32)} ${figures.map((figure) => figure.padStart(10)).join(' ')}`);
}
