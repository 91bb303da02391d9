import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expositionOracleBinary, missingToolchain, promtoolBinary } from '../cluster/binaries.ts';
import { CACHE } from '../cluster/cache.ts';

export const NO_PROMTOOL = 'there is no promtool: build it with `npm run cluster -- build`, or set PROMTOOL to one';

export const NO_ORACLE =
  'the oracle of expositions is not built: build it with `npm run cluster -- build`, which needs Go';

/**
 * Finds Prometheus' own linter: the one that PROMTOOL names, the one that is built and kept, or the machine's. It is built
 * here only where the pipeline wants everything tested, since that takes minutes.
 */
export async function findPromtool(): Promise<string | undefined> {
  if (process.env.PROMTOOL !== undefined) return process.env.PROMTOOL;
  if (isKept('promtool') || isWanted()) return promtoolBinary();
  return spawnSync('promtool', ['--version']).error === undefined ? 'promtool' : undefined;
}

/** Finds the program that asks Prometheus' own packages, on the same terms. */
export async function findExpositionOracle(): Promise<string | undefined> {
  return isKept('exposition-oracle') || isWanted() ? expositionOracleBinary() : undefined;
}

function isWanted(): boolean {
  return process.env.QNA_TEST_REQUIRE_CLUSTER !== undefined && missingToolchain() === undefined;
}

function isKept(module: string): boolean {
  const folder = join(CACHE, 'binaries');
  return existsSync(folder) && readdirSync(folder).some((name) => new RegExp(`^${module}-[0-9a-f]+$`).test(name));
}

/** What `promtool check metrics` says of a page: 0 is clean, 1 cannot be read, 3 has findings. */
export function checkMetrics(
  promtool: string,
  page: string | Buffer,
): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input: page, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
