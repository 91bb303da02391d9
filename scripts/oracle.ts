import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startControlPlane } from '../test/cluster/control-plane.ts';
import { KUBERNETES_VERSIONS } from '../test/cluster/kubernetes-versions.ts';
import { FIXED_SEED } from '../test/cluster/oracle/corpus.ts';
import { isUnexplained, type OracleRun, oraclePage } from '../test/cluster/oracle/page.ts';
import { prepareOracle } from '../test/cluster/oracle/run-oracle.ts';
import { clusterOf } from '../test/cluster/use-cluster.ts';

/** Asks the API server of every version about the fixed corpus, and writes docs/oracle.md. */

const runs: OracleRun[] = [];
for (const kubernetes of KUBERNETES_VERSIONS) {
  const running = await startControlPlane({ kubernetes });
  try {
    const oracle = await prepareOracle(clusterOf(running));
    runs.push({ kubernetes, seed: FIXED_SEED, comparisons: await oracle.compare(FIXED_SEED) });
  } finally {
    await running.stop();
  }
}
const file = join(import.meta.dirname, '../docs/oracle.md');
writeFileSync(file, oraclePage(runs));
console.log(`Wrote ${file}.`);
for (const { kubernetes, comparisons } of runs)
  for (const { specimen, answer, opinion } of comparisons.filter(isUnexplained)) {
    console.error(`Not explained: Kubernetes ${kubernetes}, ${specimen.name}: ${answer.message || 'accepted'}`);
    console.error(`  The server names ${answer.paths.join(', ')}; validate names ${opinion.paths.join(', ')}.`);
    process.exitCode = 1;
  }
