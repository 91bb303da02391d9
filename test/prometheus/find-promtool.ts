import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { missingToolchain, promtoolBinary } from '../cluster/binaries.ts';
import { CACHE } from '../cluster/cache.ts';

export const NO_PROMTOOL = 'there is no promtool: build it with `npm run cluster -- build`, or set PROMTOOL to one';

/**
 * Finds Prometheus' own linter: the one that PROMTOOL names, the one that is built and kept, or the machine's. It is built
 * here only where the pipeline wants everything tested, since that takes minutes.
 */
export async function findPromtool(): Promise<string | undefined> {
  if (process.env.PROMTOOL !== undefined) return process.env.PROMTOOL;
  const wanted = process.env.QNA_TEST_REQUIRE_CLUSTER !== undefined && missingToolchain() === undefined;
  if (isKept() || wanted) return promtoolBinary();
  return spawnSync('promtool', ['--version']).error === undefined ? 'promtool' : undefined;
}

function isKept(): boolean {
  const folder = join(CACHE, 'binaries');
  return existsSync(folder) && readdirSync(folder).some((name) => /^promtool-[0-9a-f]+$/.test(name));
}

/** What `promtool check metrics` says of a page: 0 is clean, 1 cannot be read, 3 has findings. */
export function checkMetrics(
  promtool: string,
  page: string | Buffer,
): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input: page, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
