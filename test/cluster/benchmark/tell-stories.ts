import { join } from 'node:path';
import type { Application } from '../scenarios/applications.ts';
import { happen, whenBroken } from '../scenarios/judge-story.ts';
import type { BrokenStory } from '../scenarios/story.ts';
import type { TestCluster } from '../use-cluster.ts';
import { exportObjects } from './export-objects.ts';
import type { Judge, LiveJudge } from './judges/judge.ts';
import type { Remark } from './remark.ts';
import { asked, type Said } from './said.ts';

export interface Tale {
  readonly application: Application;
  readonly story: BrokenStory;
}

/** As many stories at a time as the tests tell. */
const AT_ONCE = 6;

/** Lets every judge judge every story, until it is told to stop; gives why a story could not be told instead of what was said of it. */
export async function tellStories(
  cluster: TestCluster,
  judges: readonly Judge[],
  tales: readonly Tale[],
  { folder, progress, signal }: { readonly folder: string; readonly signal: AbortSignal; progress(line: string): void },
): Promise<ReadonlyMap<Tale, Said | string>> {
  const live = judges.filter((judge) => judge.reads === 'cluster');
  const told = new Map<Tale, Said | string>();
  const fileOf = ({ application, story }: Tale) => join(folder, `${application.name}-${story.name}.yaml`);
  const queue = [...tales];
  const work = async () => {
    for (let tale = queue.shift(); tale !== undefined && !signal.aborted; tale = queue.shift()) {
      const said = await tell(cluster, tale, live, fileOf(tale)).catch((error: Error) => error.message);
      // What stands below the first line is for whoever looks into it, with logs of pods in it.
      told.set(tale, typeof said === 'string' ? (said.split('\n')[0] ?? '') : said);
      const how = typeof said === 'string' ? `could not be told: ${said}` : 'was told';
      progress(`${told.size} of ${tales.length}: ${tale.application.name}, ${tale.story.name} ${how}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));

  // Files wait, so their judges need not crowd the cluster.
  const files = [...told].flatMap(([tale, said]) => (typeof said === 'string' ? [] : fileOf(tale)));
  for (const judge of judges) {
    if (judge.reads !== 'files') continue;
    progress(`${judge.name} reads what was exported`);
    const read = await judge.judge(files).catch((error: Error) => error.message);
    for (const [tale, said] of told) {
      if (typeof said === 'string') continue;
      const remarks = typeof read === 'string' ? read : (read.get(fileOf(tale)) ?? []);
      told.set(tale, { ...said, by: new Map([...said.by, [judge, remarks]]) });
    }
  }
  return told;
}

async function tell(
  cluster: TestCluster,
  { application, story }: Tale,
  judges: readonly LiveJudge[],
  file: string,
): Promise<Said> {
  const stage = await application.raise(cluster, story.name, story.overlay);
  try {
    await happen(stage, story);
    const by = new Map<Judge, readonly Remark[] | string>();
    for (const judge of judges)
      by.set(judge, await whenBroken(stage, story, () => asked(() => judge.judge(stage, story))));
    await whenBroken(stage, story, () => exportObjects(stage, file));
    return { place: { namespace: stage.namespace, host: stage.host }, by };
  } finally {
    await stage.leave();
  }
}
