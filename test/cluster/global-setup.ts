import type { TestProject } from 'vitest/node';
import { parseKubernetesVersion } from './kubernetes-versions.ts';
import { startCluster } from './start-cluster.ts';
import { chooseTier } from './tier.ts';

/** Starts the best cluster that this machine can have, once for all cluster tests, and takes it down after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { tier, says, demanded } = chooseTier(process.env);
  process.stderr.write(`cluster: ${says}\n`);
  if (tier === undefined) {
    if (demanded || process.env.QNA_TEST_REQUIRE_CLUSTER === '1')
      throw new Error(`A cluster is required here: ${says}`);
    project.provide('cluster', undefined);
    return async () => {};
  }
  const kubernetes = parseKubernetesVersion(process.env.QNA_TEST_KUBERNETES);
  const { stop, ...facts } = await startCluster(tier, { kubernetes });
  project.provide('cluster', facts);
  return stop;
}
