import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Application } from '../scenarios/applications.ts';
import type { Stage } from '../scenarios/stage.ts';
import type { TestCluster } from '../use-cluster.ts';
import { exportObjects } from './export-objects.ts';
import type { FileJudge, Judge, LiveJudge } from './judges/judge.ts';
import type { Place, Remark } from './remark.ts';
import { asked } from './said.ts';

/** What each judge said of an application with nothing broken, and how long it took; a text says why one failed. */
export interface Healthy {
  readonly place: Place;
  readonly by: ReadonlyMap<Judge, Judgement | string>;
}

export interface Judgement {
  readonly remarks: readonly Remark[];
  /** Of a judge that reads files, its share of the time that it took for all. */
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
  const fileOf = ({ name }: Application) => join(folder, `healthy-${name}.yaml`);
  try {
    for (const application of applications)
      stages.set(application, await application.raise(cluster, `healthy-${application.name}`));
    const said = new Map<Application, Map<Judge, Judgement | string>>();
    for (const [application, stage] of stages) {
      await stage.ready();
      await exportObjects(stage, fileOf(application));
      said.set(application, new Map());
    }
    for (const judge of judges) {
      progress(`with nothing broken: ${judge.name}`);
      const files = judge.reads === 'files' ? await readAll(judge, applications.map(fileOf)) : undefined;
      for (const [application, stage] of stages) {
        const judgement = judge.reads === 'files' ? files?.get(fileOf(application)) : await ask(judge, stage);
        said.get(application)?.set(judge, judgement ?? 'It was not asked.');
      }
    }
    const placed = [...stages].map(([application, { namespace, host }]) => {
      const by = said.get(application) ?? new Map<Judge, Judgement | string>();
      return [application, { place: { namespace, host }, by }] as const;
    });
    return new Map(placed);
  } finally {
    for (const stage of stages.values()) await stage.leave();
  }
}

/** One of the judges says more one time than another; what it says at any time of the healthy is no news of the broken. */
const TIMES = 3;

async function ask(judge: LiveJudge, stage: Stage): Promise<Judgement | string> {
  const remarks: Remark[] = [];
  const seconds: number[] = [];
  const failures: string[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const started = performance.now();
    const said = await stage.atRest({ tells: 'Nothing is broken.' }, () => asked(() => judge.judge(stage)));
    seconds.push((performance.now() - started) / 1000);
    if (typeof said === 'string') failures.push(said);
    else remarks.push(...said.filter((remark) => !remarks.some((known) => isDeepStrictEqual(known, remark))));
  }
  return failures[0] ?? { remarks, seconds: Math.min(...seconds) };
}

/** All files at once, for starting takes some judges longer than reading. */
async function readAll(judge: FileJudge, files: readonly string[]): Promise<ReadonlyMap<string, Judgement | string>> {
  const started = performance.now();
  const said = await asked(() => judge.judge(files));
  const seconds = (performance.now() - started) / 1000 / files.length;
  return new Map(
    files.map((file) => [file, typeof said === 'string' ? said : { remarks: said.get(file) ?? [], seconds }]),
  );
}
