import { SCHEMA_VERSIONS } from '../../../src/core/api-schemas.ts';
import { installDefinitions } from '../definitions.ts';
import type { TestCluster } from '../use-cluster.ts';
import { askServer } from './ask-server.ts';
import { type Comparison, compareCorpus } from './compare.ts';
import { type CorpusSize, drawCorpus } from './corpus.ts';

/** How much of the fixed corpus is drawn. */
export const WHOLE: CorpusSize = { validOfEachKind: 5, ofEachMutation: 6, ofEachRandomMutation: 40 };

/** Makes a place in the cluster in which the objects of a corpus can be asked about; gives the question. */
export async function prepareOracle(
  cluster: TestCluster,
): Promise<(seed: number, size?: CorpusSize) => Promise<readonly Comparison[]>> {
  await installDefinitions(cluster);
  const namespace = await cluster.createNamespace();
  // Pods are only admitted with an account that exists.
  await cluster.kubectl('create', 'serviceaccount', 'qna', `--namespace=${namespace}`);
  const ask = askServer(cluster, namespace);
  // The harness and the package know the same versions.
  const kubernetes = cluster.facts.kubernetes ?? SCHEMA_VERSIONS[0];
  return (seed, size = WHOLE) => compareCorpus(drawCorpus(seed, size), ask, kubernetes);
}
