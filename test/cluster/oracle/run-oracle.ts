import type { SchemaVersion } from '../../../src/sources/files/api-schemas.ts';
import { installDefinitions } from '../definitions.ts';
import type { TestCluster } from '../use-cluster.ts';
import { askServer } from './ask-server.ts';
import { type Comparison, compareCorpus } from './compare.ts';
import { drawCorpus } from './corpus.ts';

/** How much is drawn: the fixed corpus has 36 kinds five times, and each mutation six times. */
export const WHOLE = { validOfEachKind: 5, ofEachMutation: 6 };

/** Makes a place in the cluster in which the objects of a corpus can be asked about; gives the question. */
export async function prepareOracle(
  cluster: TestCluster,
): Promise<(seed: number, size?: typeof WHOLE) => Promise<readonly Comparison[]>> {
  await installDefinitions(cluster);
  const namespace = await cluster.createNamespace();
  // Pods are only admitted with an account that exists.
  await cluster.kubectl('create', 'serviceaccount', 'qna', `--namespace=${namespace}`);
  const ask = askServer(cluster, namespace);
  const kubernetes = (cluster.facts.kubernetes ?? '1.37') as SchemaVersion;
  return (seed, size = WHOLE) => compareCorpus(drawCorpus(seed, size), ask, kubernetes);
}
