import type { TestProject } from 'vitest/node';
import { type ClusterFacts, type RunningCluster, startControlPlane } from './control-plane.ts';
import { givenCluster } from './given-cluster.ts';
import { chooseTier } from './tier.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: ClusterFacts | undefined;
  }
}

/** Starts the best cluster that this machine can have, once for all cluster tests, and takes it down after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { tier, says } = chooseTier(process.env);
  process.stderr.write(`cluster: ${says}\n`);
  if (tier === undefined) {
    if (process.env.QNA_TEST_REQUIRE_CLUSTER === '1') throw new Error(`a cluster is required here, and ${says}`);
    project.provide('cluster', undefined);
    return async () => {};
  }
  const running: RunningCluster =
    tier === 'given' ? givenCluster(process.env.QNA_TEST_KUBECONFIG ?? '') : await startControlPlane();
  const { stop, ...facts } = running;
  project.provide('cluster', facts);
  return stop;
}
