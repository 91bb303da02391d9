import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPLICATIONS } from '../scenarios/applications.ts';
import type { BrokenStory } from '../scenarios/story.ts';
import type { TestCluster } from '../use-cluster.ts';
import { type Healthy, type Judgement, judgeHealthy } from './judge-healthy.ts';
import type { Judge } from './judges/judge.ts';
import { OURS } from './judges/ours.ts';
import { newRemarks, type Remark } from './remark.ts';
import type { Said } from './said.ts';
import { tellStories } from './tell-stories.ts';
import { failed, ourVerdict, type Verdict, verdictOf } from './verdict.ts';

export interface Benchmark {
  readonly judges: readonly { readonly name: string; readonly version: string; readonly asked: string }[];
  /** Judges that would be asked where the PATH had them. */
  readonly absent: readonly string[];
  readonly applications: readonly JudgedApplication[];
}

export interface JudgedApplication {
  readonly name: string;
  /** With nothing broken, by the name of the judge, measured while nothing else ran; a text says why a judge failed. */
  readonly healthy: Readonly<Record<string, Judgement | string>>;
  readonly stories: readonly JudgedStory[];
}

export interface JudgedStory {
  readonly name: string;
  readonly tells: string;
  readonly item: string;
  /** By the name of the judge. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

export interface BenchmarkOptions {
  readonly absent: readonly string[];
  /** Ends it early; the stories that were not begun have failed then. */
  readonly signal: AbortSignal;
  wants(application: string, story: string): boolean;
  progress(line: string): void;
}

/**
 * Lets every judge judge the applications with nothing broken, and then with one thing broken at a time. A story that cannot be
 * told has failed for every judge; an application that does not become ready with nothing broken ends it all.
 */
export async function runBenchmark(
  cluster: TestCluster,
  judges: readonly Judge[],
  { absent, signal, wants, progress }: BenchmarkOptions,
): Promise<Benchmark> {
  const folder = mkdtempSync(join(tmpdir(), 'qna-benchmark-'));
  try {
    const tales = APPLICATIONS.flatMap((application) =>
      application.stories.filter(({ name }) => wants(application.name, name)).map((story) => ({ application, story })),
    );
    const applications = [...new Set(tales.map(({ application }) => application))];
    const healthy = await judgeHealthy(cluster, judges, applications, { folder, progress });
    const told = await tellStories(cluster, judges, tales, { folder, progress, signal });
    return {
      judges: judges.map(({ name, version, asked }) => ({ name, version, asked })),
      absent,
      applications: applications.map((application) => ({
        name: application.name,
        healthy: byName(judges, (judge) => healthy.get(application)?.by.get(judge) ?? NOT_ASKED),
        stories: tales
          .filter((tale) => tale.application === application)
          .map((tale) => {
            const { name, tells, item } = tale.story;
            const verdict = (judge: Judge) => compare(judge, tale.story, healthy.get(application), told.get(tale));
            return { name, tells, item, verdicts: byName(judges, verdict) };
          }),
      })),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const NOT_ASKED = 'It was not asked.';

function byName<T>(judges: readonly Judge[], make: (judge: Judge) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(judges.map((judge) => [judge.name, make(judge)]));
}

/** The verdict of a judge on a story, from what it said of the healthy application and of the broken one. */
function compare(
  judge: Judge,
  story: BrokenStory,
  healthy: Healthy | undefined,
  broken: Said | string = NOT_ASKED,
): Verdict {
  if (typeof broken === 'string') return failed(broken);
  const [before, after] = [healthy?.by.get(judge) ?? NOT_ASKED, broken.by.get(judge) ?? NOT_ASKED];
  if (healthy === undefined || typeof before === 'string') return failed(`With nothing broken: ${before}`);
  if (typeof after === 'string') return failed(after);
  const places = { healthy: healthy.place, broken: broken.place };
  const fresh = newRemarks(before.remarks, after, places).map((remark) => withoutSecret(remark, story));
  return judge.name === OURS ? ourVerdict(story, fresh) : verdictOf(story.name, fresh);
}

/** The secrets of the stories are nobody's, and yet have no place on a page. */
function withoutSecret(remark: Remark, { secret }: BrokenStory): Remark {
  return secret === undefined ? remark : { ...remark, words: remark.words.replaceAll(secret, 'SECRET') };
}
