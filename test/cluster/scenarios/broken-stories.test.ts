import { beforeAll, describe, expect, it } from 'vitest';
import { useCluster } from '../use-cluster.ts';
import { auditHealthy, judgeStory, statesOf, told } from './judge-story.ts';
import { probeStory, raiseStory } from './raise-story.ts';
import { prepareCluster } from './stage.ts';
import { BROKEN_STORIES } from './stories/index.ts';
import { HEALTHY } from './story.ts';

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
    await judgeStory(await raiseStory(cluster, story.name, story.overlay), story, HEALTHY, expect, probeStory);
  });
});
