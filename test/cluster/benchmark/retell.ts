import { APPLICATIONS } from '../scenarios/applications.ts';
import { OURS } from './judges/ours.ts';
import type { Benchmark } from './run-benchmark.ts';
import { ourVerdict, type Verdict, verdictOf } from './verdict.ts';

/** The same words under the rules of today, for whoever changed by which words a fault is known. */
export function retell(benchmark: Benchmark): Benchmark {
  return {
    ...benchmark,
    applications: benchmark.applications.map((application) => ({
      ...application,
      stories: application.stories.map((story) => ({
        ...story,
        verdicts: Object.fromEntries(
          Object.entries(story.verdicts).map(([judge, verdict]) => [
            judge,
            judgedAnew(application.name, story.name, judge, verdict),
          ]),
        ),
      })),
    })),
  };
}

function judgedAnew(application: string, name: string, judge: string, verdict: Verdict): Verdict {
  if (typeof verdict.because === 'string') return verdict;
  const fresh = [...verdict.because, ...verdict.besides];
  if (judge !== OURS) return verdictOf(name, fresh);
  const stories = APPLICATIONS.find((known) => known.name === application)?.stories ?? [];
  const story = stories.find((known) => known.name === name);
  if (story === undefined)
    throw new Error(`There is no story ${name} of ${application} any more; tell them all again.`);
  return ourVerdict(story, fresh);
}
