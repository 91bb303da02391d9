import type { ClusterFacts } from './cluster-facts.ts';
import { runKubectl } from './run-kubectl.ts';

interface PodList {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

/** The pods of a namespace, its events and the pods' logs: what one asks first when something does not come true. */
export async function explainNamespace(facts: ClusterFacts, namespace: string): Promise<string> {
  const ask = (...args: readonly string[]) =>
    runKubectl(facts, [`--namespace=${namespace}`, ...args], 10_000).catch((error: Error) => error.message);
  const overview = await ask('get', 'pods,persistentvolumeclaims,deployments,statefulsets,jobs', '-o', 'wide');
  const events = await ask('get', 'events', '--sort-by=.lastTimestamp');
  const { items } = JSON.parse(await runKubectl(facts, ['get', 'pods', '-o', 'json', `-n${namespace}`])) as PodList;
  const logs = await Promise.all(
    items.map(async ({ metadata: { name } }) => {
      const lines = await ask('logs', name, '--all-containers', '--prefix', '--tail=20');
      return `--- log of pod ${name}\n${lines}`;
    }),
  );
  return ['--- objects', overview, '--- events', events, ...logs].join('\n');
}
