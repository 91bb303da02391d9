import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchmarkTools, judgeFault, judgeGood } from '../test/benchmark/probe/benchmark.ts';
import { type EdgeCredentials, makeEdgeCredentials } from '../test/benchmark/probe/edge.ts';
import { FAULTS } from '../test/benchmark/probe/faults/index.ts';
import { GOOD_SERVICES } from '../test/benchmark/probe/good/services.ts';
import { benchmarkPage, type ProbeBenchmark, unexpected } from '../test/benchmark/probe/page.ts';
import { findPromtool, NO_PROMTOOL } from '../test/prometheus/find-promtool.ts';
import { ROOT } from './steps.ts';

/**
 * `npm run benchmark:probe` lets `probe` judge every broken service and every good one, and writes docs/benchmark-probe.md. What the
 * good ones take is installed below ~/.cache/qna-ready/benchmark-probe, once. `-- --only NAME` judges the faults and the services
 * with that name alone, and prints the page instead.
 */
const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const PAGE = join(ROOT, 'docs/benchmark-probe.md');
const progress = (line: string) => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
const wants = (name: string) => values.only?.includes(name) ?? true;

let kept: EdgeCredentials | undefined;
const credentials = () => {
  kept ??= makeEdgeCredentials();
  return kept;
};
const promtool = await findPromtool();
if (promtool === undefined) progress(NO_PROMTOOL);
const tools: BenchmarkTools = { credentials, promtool };

try {
  const benchmark: ProbeBenchmark = {
    version: versionOf(readFileSync(join(ROOT, 'package.json'), 'utf8')),
    promtool: promtool === undefined ? undefined : promtoolVersion(promtool),
    topics: await inTurn(Object.entries(FAULTS), async ([name, faults]) => {
      const results = await inTurn(
        faults.filter((fault) => wants(fault.name)),
        (fault) => judgeFault(fault, tools),
      );
      progress(`${name}: ${results.length} faults`);
      return { name, results };
    }),
    good: await inTurn(
      GOOD_SERVICES.filter(({ name }) => wants(name)),
      async (service) => {
        const result = await judgeGood(service, promtool);
        progress(`${service.name}: ${result.skipped ?? `${result.remarks.length} false alarms`}`);
        return result;
      },
    ),
  };
  const page = benchmarkPage(benchmark);
  if (values.only === undefined) writeFileSync(PAGE, page);
  else process.stdout.write(page);
  const faults = unexpected(benchmark.topics.flatMap(({ results }) => results));
  for (const line of faults) progress(line);
  process.exitCode = faults.length === 0 && benchmark.good.every(({ remarks }) => remarks.length === 0) ? 0 : 1;
} finally {
  kept?.[Symbol.dispose]();
}
// Connections that were kept alive would hold the process open.
process.exit();

/** One after another, so that none is slow because of the others. */
async function inTurn<T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const each of all) results.push(await work(each));
  return results;
}

function versionOf(manifest: string): string {
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

/** The one that the test bed builds does not know its version; the module that it is built from says it. */
function promtoolVersion(binary: string): string {
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  const told = /version v?(\d[^,(\s]*)/.exec(stdout)?.[1];
  if (told !== undefined) return `promtool ${told}`;
  const module = readFileSync(join(ROOT, 'test/cluster/binaries/promtool/go.mod'), 'utf8');
  // Prometheus 3.15 is the module 0.315.
  const [, major, minor, patch] = /prometheus\/prometheus v0\.(\d)(\d\d)\.(\d+)/.exec(module) ?? [];
  return major === undefined ? 'promtool' : `promtool ${major}.${Number(minor)}.${patch}`;
}
