import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkov } from '../test/cluster/benchmark/judges/checkov.ts';
import type { Judge } from '../test/cluster/benchmark/judges/judge.ts';
import { kubeLinter } from '../test/cluster/benchmark/judges/kube-linter.ts';
import { kubeScore } from '../test/cluster/benchmark/judges/kube-score.ts';
import { ours } from '../test/cluster/benchmark/judges/ours.ts';
import { polaris } from '../test/cluster/benchmark/judges/polaris.ts';
import { popeye } from '../test/cluster/benchmark/judges/popeye.ts';
import { benchmarkPage } from '../test/cluster/benchmark/page.ts';
import { retell } from '../test/cluster/benchmark/retell.ts';
import { type Benchmark, runBenchmark } from '../test/cluster/benchmark/run-benchmark.ts';
import type { ClusterFacts } from '../test/cluster/cluster-facts.ts';
import { keptRun } from '../test/cluster/run.ts';
import { prepareApplications } from '../test/cluster/scenarios/applications.ts';
import { startCluster } from '../test/cluster/start-cluster.ts';
import { clusterOf } from '../test/cluster/use-cluster.ts';
import { ROOT, step } from './steps.ts';

/**
 * `npm run benchmark:audit` lets `audit` and its peers judge every broken story in a cluster of its own, and writes
 * docs/benchmark-audit.md and docs/benchmark-audit.json. `-- --only STORY` tells only stories with that name, of any application or
 * as APPLICATION/STORY, and prints the page instead; `-- --keep` uses the cluster that is up, or leaves the one that it starts.
 * `-- --retell` asks nobody, and judges the words that were written by the rules of today.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    keep: { type: 'boolean' },
    retell: { type: 'boolean' },
  },
});
const PAGE = join(ROOT, 'docs/benchmark-audit.md');
const WORDS = join(ROOT, 'docs/benchmark-audit.json');
const progress = (line: string) => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

if (values.retell === true) {
  write(retell(JSON.parse(readFileSync(WORDS, 'utf8')) as Benchmark));
  process.exit();
}
if (step('build').failed > 0) process.exit(1);
const peers: Readonly<Record<string, Judge | undefined>> = {
  Popeye: await popeye(),
  Polaris: await polaris(),
  'kube-score': await kubeScore(),
  'kube-linter': await kubeLinter(),
  Checkov: await checkov(),
};
const absent = Object.keys(peers).filter((name) => peers[name] === undefined);
const judges = [
  await ours(join(ROOT, 'dist/qna-ready.js')),
  ...Object.values(peers).filter((judge) => judge !== undefined),
];
if (absent.length > 0) progress(`not on the PATH, and so not asked: ${absent.join(', ')}`);
progress(`the judges: ${judges.map(({ name, version }) => `${name} ${version}`).join(', ')}`);
const interruption = new AbortController();
process.once('SIGINT', () => {
  progress('no story is begun any more; what was told is written');
  interruption.abort();
});
const { facts, stop } = await openCluster();
try {
  const cluster = clusterOf(facts);
  await prepareApplications(cluster);
  // Popeye asks for the metrics of pods too.
  await cluster.startMetrics();
  const benchmark = await runBenchmark(cluster, judges, {
    wants: (application, story) =>
      values.only?.some((name) => [story, `${application}/${story}`].includes(name)) ?? true,
    absent,
    signal: interruption.signal,
    progress,
  });
  if (values.only === undefined) write(benchmark);
  else process.stdout.write(benchmarkPage(benchmark));
  const failures = benchmark.applications.flatMap(({ name, stories }) =>
    stories.flatMap(({ name: story, verdicts }) =>
      Object.entries(verdicts).flatMap(([judge, { outcome, because }]) =>
        outcome === 'failed' ? `${name}, ${story}, ${judge}: ${because}` : [],
      ),
    ),
  );
  for (const failure of failures) progress(`failed: ${failure}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await stop();
}
// The pool of connections to the API server would hold the process open.
process.exit();

function write(benchmark: Benchmark): void {
  writeFileSync(PAGE, benchmarkPage(benchmark));
  writeFileSync(WORDS, `${JSON.stringify(benchmark, undefined, 1)}\n`);
  progress(`wrote ${PAGE} and ${WORDS}`);
}

async function openCluster(): Promise<{ readonly facts: ClusterFacts; stop(): Promise<void> }> {
  const kept = values.keep === true ? keptRun()?.facts : undefined;
  if (kept !== undefined) return { facts: kept, stop: async () => {} };
  const { stop, ...facts } = await startCluster('node', { kind: values.keep === true ? 'kept' : 'tests' });
  return { facts, stop: values.keep === true ? async () => {} : stop };
}
