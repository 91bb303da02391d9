import type { TestCluster } from '../use-cluster.ts';
import { createProject, type Judged, type Overlay, type Patch, raise, type Stage } from './stage.ts';
import type { BrokenStory } from './story.ts';

/** Several stories share one small node, so nobody reserves a processor. */
const CHEAP: readonly Patch[] = ['Deployment', 'StatefulSet'].map((kind) => ({
  kind,
  operations: [{ op: 'replace', path: '/spec/template/spec/containers/0/resources/requests/cpu', value: '10m' }],
}));

/** Raises what `init` writes, for a namespace and a host of the story's own. */
export async function raiseStory(
  cluster: TestCluster,
  name: string,
  { patches = [], ...overlay }: Overlay = {},
): Promise<Stage> {
  const project = await createProject(`story-${name}`, `${name}.example.test`);
  return raise(cluster, project, { ...overlay, patches: [...CHEAP, ...patches] });
}

/** Probes the service as a neighbour does, with the token that `init` generated. */
export async function probeStory(stage: Stage, { verdict }: BrokenStory): Promise<Judged> {
  const address = await stage.read('services/qna', 'spec/clusterIP');
  const token = atob(await stage.read('secrets/qna-secrets', 'data/API_TOKENS'));
  const header = ['--header', `Authorization: Bearer ${token}`];
  return stage.probe(`http://${address}`, ...header, ...('args' in verdict ? (verdict.args ?? []) : []));
}
