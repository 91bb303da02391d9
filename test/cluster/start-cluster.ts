import type { RunningCluster, Tier } from './cluster-facts.ts';
import { type StartOptions, startControlPlane } from './control-plane.ts';
import { givenCluster } from './given-cluster.ts';
import { startNode } from './node/start-node.ts';

/** Starts a cluster of this tier; a given one is only looked up. */
export function startCluster(tier: Tier, options: StartOptions = {}): Promise<RunningCluster> {
  switch (tier) {
    case 'given':
      return givenCluster(process.env.QNA_TEST_KUBECONFIG ?? '');
    case 'node':
      return startNode(options);
    case 'control-plane':
      return startControlPlane(options);
  }
}
