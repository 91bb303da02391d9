import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeManySets, writeOneSet } from './bench-input.ts';
import { ROOT } from './steps.ts';

/** Wall time is compared within one run only: the machine is shared, and what it does beside us changes. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 11);
const SETS = 2000;
const BUNDLE = join(ROOT, 'dist/qna-ready.js');

interface Sample {
  readonly wallMs: number;
  readonly peakMiB: number;
}

spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} was not built`);
const folder = mkdtempSync(join(tmpdir(), 'qna-ready-bench-'));
try {
  const small = join(folder, 'small');
  const large = join(folder, 'large');
  const files = writeOneSet(small);
  const documents = writeManySets(large, SETS);
  const rows = compare(
    {
      'node -e 0': ['-e', '0'],
      'qna-ready --version': [BUNDLE, '--version'],
      [`validate, ${files} files`]: [BUNDLE, 'validate', small],
    },
    ROUNDS,
  );
  print(rows, 'node -e 0');
  const [name, command] = [`validate, ${documents} documents in ${SETS} files`, [BUNDLE, 'validate', large]] as const;
  const big = compare({ [name]: command }, 3);
  const sample = median(big.get(name) ?? []);
  console.log(
    `${name}: ${(documents / (sample.wallMs / 1000)).toFixed(0)} documents/s, peak ${sample.peakMiB.toFixed(0)} MiB`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs the commands in turn, so that a slow moment of the machine falls on all of them. */
function compare(
  commands: Readonly<Record<string, readonly string[]>>,
  rounds: number,
): ReadonlyMap<string, readonly Sample[]> {
  const samples = new Map<string, Sample[]>(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, args] of Object.entries(commands)) {
      const sample = time(args);
      // The first round warms the disk's cache and ours.
      if (round > 0) samples.get(name)?.push(sample);
    }
  return samples;
}

function time(args: readonly string[]): Sample {
  const started = process.hrtime.bigint();
  const { stderr } = spawnSync('/usr/bin/env', ['time', '-f', '%M', process.execPath, ...args], {
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  });
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  return { wallMs, peakMiB: Number(stderr.trim().split('\n').at(-1)) / 1024 };
}

function print(rows: ReadonlyMap<string, readonly Sample[]>, baseline: string): void {
  const base = median(rows.get(baseline) ?? []).wallMs;
  for (const [name, samples] of rows) {
    const { wallMs, peakMiB } = median(samples);
    console.log(
      `${name.padEnd(40)} ${wallMs.toFixed(0).padStart(6)} ms  ${(wallMs / base).toFixed(2)} x  peak ${peakMiB.toFixed(0)} MiB`,
    );
  }
}

function median(samples: readonly Sample[]): Sample {
  const sorted = [...samples].sort((a, b) => a.wallMs - b.wallMs);
  return sorted[Math.floor(sorted.length / 2)] ?? { wallMs: Number.NaN, peakMiB: Number.NaN };
}
