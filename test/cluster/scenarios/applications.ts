import type { TestCluster } from '../use-cluster.ts';
import { FOREIGN_APPS, type ForeignApp, prepareForeign, raiseForeign } from './foreign/apps.ts';
import { FOREIGN_STORIES } from './foreign/stories/index.ts';
import { raiseStory } from './raise-story.ts';
import { type Overlay, prepareCluster, type Stage } from './stage.ts';
import { BROKEN_STORIES } from './stories/index.ts';
import { type BrokenStory, HEALTHY, type Touched } from './story.ts';

/** An application of the test bed, with all the ways in which it is broken. */
export interface Application {
  readonly name: string;
  /** What `audit` says of it with nothing broken. */
  readonly healthy: Touched;
  readonly stories: readonly BrokenStory[];
  /** Applies it to a namespace that is named for this. */
  raise(cluster: TestCluster, name: string, overlay?: Overlay): Promise<Stage>;
}

/** What `init` writes, and the applications of other teams. */
export const APPLICATIONS: readonly Application[] = [
  { name: 'ours', healthy: HEALTHY, stories: BROKEN_STORIES, raise: raiseStory },
  ...(Object.keys(FOREIGN_APPS) as readonly ForeignApp[]).map((app) => ({
    name: app,
    healthy: FOREIGN_APPS[app].healthy,
    stories: FOREIGN_STORIES.filter((story) => story.app === app),
    raise: (cluster: TestCluster, name: string, overlay?: Overlay) =>
      raiseForeign(cluster, app, `foreign-${name}`, overlay),
  })),
];

/** Prepares a cluster for all of them. */
export async function prepareApplications(cluster: TestCluster): Promise<void> {
  await prepareCluster(cluster);
  await prepareForeign(cluster);
}
