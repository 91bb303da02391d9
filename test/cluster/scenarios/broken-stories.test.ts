import { beforeAll, describe, expect, it } from 'vitest';
import { type TestCluster, useCluster } from '../use-cluster.ts';
import { auditHealthy, judgeStory, statesOf, told } from './judge-story.ts';
import { createProject, type Judged, type Overlay, type Patch, prepareCluster, raise, type Stage } from './stage.ts';
import { BROKEN_STORIES } from './stories/index.ts';
import { type BrokenStory, HEALTHY } from './story.ts';

const cluster = useCluster();

describe.skipIf(cluster?.facts.tier !== 'node')('the service with one thing broken', () => {
  if (cluster === undefined) return;

  beforeAll(() => prepareCluster(cluster), 900_000);

  it.concurrent('is done wherever a cluster can tell, with nothing broken', { timeout: 400_000 }, async () => {
    const stage = await raiseStory(cluster, 'healthy');
    try {
      const audit = await auditHealthy(stage);
      expect(statesOf(audit), told(audit)).toEqual(HEALTHY);
    } finally {
      await stage.leave();
    }
  });

  it.concurrent.for(BROKEN_STORIES)('$name: $tells', { timeout: 400_000 }, async (story, { expect }) => {
    await judgeStory(await raiseStory(cluster, story.name, story.overlay), story, HEALTHY, expect, probeOf);
  });
});

/** Several stories share one small node, so nobody reserves a processor. */
const CHEAP: readonly Patch[] = ['Deployment', 'StatefulSet'].map((kind) => ({
  kind,
  operations: [{ op: 'replace', path: '/spec/template/spec/containers/0/resources/requests/cpu', value: '10m' }],
}));

async function raiseStory(onto: TestCluster, name: string, { patches = [], ...overlay }: Overlay = {}): Promise<Stage> {
  const project = await createProject(`story-${name}`, `${name}.example.test`);
  return raise(onto, project, { ...overlay, patches: [...CHEAP, ...patches] });
}

async function probeOf(stage: Stage, { verdict }: BrokenStory): Promise<Judged> {
  const address = await stage.read('services/qna', 'spec/clusterIP');
  const token = atob(await stage.read('secrets/qna-secrets', 'data/API_TOKENS'));
  const header = ['--header', `Authorization: Bearer ${token}`];
  return stage.probe(`http://${address}`, ...header, ...('args' in verdict ? (verdict.args ?? []) : []));
}
