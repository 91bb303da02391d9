import { beforeAll, describe, it } from 'vitest';
import { useCluster } from '../../use-cluster.ts';
import { auditHealthy, judgeStory, statesOf, told } from '../judge-story.ts';
import { FOREIGN_APPS, type ForeignApp, prepareForeign, raiseForeign } from './apps.ts';
import { FOREIGN_STORIES } from './stories/index.ts';

const cluster = useCluster();

describe.skipIf(cluster?.facts.tier !== 'node')('an application of another team', () => {
  if (cluster === undefined) return;

  beforeAll(() => prepareForeign(cluster), 900_000);

  it.concurrent.for(Object.keys(FOREIGN_APPS) as ForeignApp[])(
    '%s has no false finding with nothing broken',
    { timeout: 400_000 },
    async (app, { expect }) => {
      const stage = await raiseForeign(cluster, app, `foreign-${app}`);
      try {
        const audit = await auditHealthy(stage);
        expect(statesOf(audit), told(audit)).toEqual(FOREIGN_APPS[app].healthy);
      } finally {
        await stage.leave();
      }
    },
  );

  it.concurrent.for(FOREIGN_STORIES)('$app, $name: $tells', { timeout: 400_000 }, async (story, { expect }) => {
    const stage = await raiseForeign(cluster, story.app, `foreign-${story.name}`, story.overlay);
    await judgeStory(stage, story, FOREIGN_APPS[story.app].healthy, expect, () => Promise.reject(NO_PROBE));
  });
});

const NO_PROBE = new Error('No story about another application probes.');
