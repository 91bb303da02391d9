import { spawnSync } from 'node:child_process';

const MAX_OUTPUT = 1024 * 1024 * 1024;

/** A program with its arguments, for what is not Node.js. */
export interface Program {
  readonly program: string;
  readonly args: readonly string[];
}

/** By name, what is given to Node.js; made anew for each run where a run changes what it finds. */
export type Commands = Readonly<Record<string, readonly string[] | (() => readonly string[]) | Program>>;

/** Runs the commands in turn, so that a slow moment of the machine falls on all of them; gives each one's median in ms. */
export function compare(commands: Commands, rounds: number): readonly number[] {
  const samples = Object.values(commands).map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1)
    for (const [index, command] of Object.values(commands).entries()) {
      const wallMs = time(programOf(command));
      // The first round warms the disk's cache and the compile cache.
      if (round > 0) samples[index]?.push(wallMs);
    }
  return samples.map((times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN);
}

function programOf(command: Commands[string]): Program {
  if (typeof command === 'function') return { program: process.execPath, args: command() };
  return 'program' in command ? command : { program: process.execPath, args: command };
}

function time({ program, args }: Program): number {
  const started = process.hrtime.bigint();
  spawnSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: MAX_OUTPUT });
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** The peak of a run of its own: watching costs time. GNU time tells it of any program. */
export function peakMiB(command: Commands[string]): number {
  const { program, args } = programOf(command);
  const { stderr } = spawnSync('/usr/bin/time', ['-f', 'peak=%M', program, ...args], {
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
  });
  return Number(/peak=(\d+)/.exec(stderr ?? '')?.[1]) / 1024;
}

/** One line a command: median, ratio to the first, peak memory. */
export function tell(commands: Commands, medians: readonly number[]): void {
  const base = medians[0] ?? Number.NaN;
  for (const [index, [name, command]] of Object.entries(commands).entries()) {
    const wallMs = medians[index] ?? Number.NaN;
    const columns = [
      `${wallMs.toFixed(0)} ms`,
      `${(wallMs / base).toFixed(2)} x`,
      `${peakMiB(command).toFixed(0)} MiB`,
    ];
    console.log(`${name.padEnd(44)} ${columns.map((column) => column.padStart(9)).join(' ')}`);
  }
}
