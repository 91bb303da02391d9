import { SCHEMA_VERSIONS } from '../../../src/core/api-schemas.ts';
import { installDefinitions } from '../definitions.ts';
import type { TestCluster } from '../use-cluster.ts';
import { askServer } from './ask-server.ts';
import { type Comparison, compareCorpus } from './compare.ts';
import { type CorpusSize, drawCorpus } from './corpus.ts';

/** How much of the fixed corpus is drawn. */
const WHOLE: CorpusSize = { validOfEachKind: 5, ofEachMutation: 6, ofEachRandomMutation: 40 };

/** Both sides, ready to be asked. */
export interface Oracle {
  compare(seed: number, size?: CorpusSize): Promise<readonly Comparison[]>;
  /** Takes away what was put into the cluster for it. */
  close(): Promise<void>;
}

/** Makes a place in the cluster in which the objects of a corpus can be asked about. */
export async function prepareOracle(cluster: TestCluster): Promise<Oracle> {
  const removeDefinitions = await installDefinitions(cluster);
  const namespace = await cluster.createNamespace();
  // Pods are only admitted with an account that exists.
  await cluster.kubectl('create', 'serviceaccount', 'qna', `--namespace=${namespace}`);
  const ask = askServer(cluster, namespace);
  // The harness and the package know the same versions.
  const kubernetes = cluster.facts.kubernetes ?? SCHEMA_VERSIONS[0];
  return {
    compare: (seed, size = WHOLE) => compareCorpus(drawCorpus(seed, size), ask, kubernetes),
    async close() {
      await cluster.kubectl('delete', 'namespace', namespace, '--wait=false');
      await removeDefinitions();
    },
  };
}
