import { join } from 'node:path';
import type { Application } from '../scenarios/applications.ts';
import type { Stage } from '../scenarios/stage.ts';
import type { TestCluster } from '../use-cluster.ts';
import { exportObjects } from './export-objects.ts';
import type { Judge } from './judges/judge.ts';
import type { Place, Remark } from './remark.ts';
import { asked } from './said.ts';

/** What each judge said of an application with nothing broken, and how long it took; a text says why one failed. */
export interface Healthy {
  readonly place: Place;
  readonly by: ReadonlyMap<Judge, Judgement | string>;
}

export interface Judgement {
  readonly remarks: readonly Remark[];
  readonly seconds: number;
}

/** Lets every judge judge every application with nothing broken, one after the other, so that each has the machine for itself. */
export async function judgeHealthy(
  cluster: TestCluster,
  judges: readonly Judge[],
  applications: readonly Application[],
  { folder, progress }: { readonly folder: string; progress(line: string): void },
): Promise<ReadonlyMap<Application, Healthy>> {
  const stages = new Map<Application, Stage>();
  try {
    for (const application of applications)
      stages.set(application, await application.raise(cluster, `healthy-${application.name}`));
    for (const stage of stages.values()) await stage.ready();
    const results = new Map<Application, Healthy>();
    for (const [application, stage] of stages) {
      const file = join(folder, `healthy-${application.name}.yaml`);
      await exportObjects(stage, file);
      const by = new Map<Judge, Judgement | string>();
      for (const judge of judges) {
        progress(`${application.name} with nothing broken: ${judge.name}`);
        by.set(judge, await ask(judge, stage, file));
      }
      results.set(application, { place: { namespace: stage.namespace, host: stage.host }, by });
    }
    return results;
  } finally {
    for (const stage of stages.values()) await stage.leave();
  }
}

function ask(judge: Judge, stage: Stage, file: string): Promise<Judgement | string> {
  if (judge.reads === 'files') return asked(() => timed(async () => (await judge.judge([file])).get(file) ?? []));
  return stage.atRest({ tells: 'Nothing is broken.' }, () => asked(() => timed(() => judge.judge(stage))));
}

async function timed(act: () => Promise<readonly Remark[]>): Promise<Judgement> {
  const started = performance.now();
  const remarks = await act();
  return { remarks, seconds: (performance.now() - started) / 1000 };
}
