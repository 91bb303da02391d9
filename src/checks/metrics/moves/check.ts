import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { Exposition } from '../../../prometheus/exposition.ts';
import { processStarts } from '../../../prometheus/series.ts';
import { noPage, notKept, readOwnPage } from '../page.ts';
import { judgeDurations, judgeErrors, judgeQuestion, judgeRequests } from './judge-movement.ts';
import { compare, methodRise, riseOf } from './movement.ts';

export const metricsMovesCheck = defineCheck({
  id: 'metrics/moves',
  title: 'Metrics move as requests are made',
  severity: 'error',
  why: 'A metric can be present, well-named and wrong: never incremented, cached, reset, or told in milliseconds under a name that says seconds. Only requests of which the number is known can show that.',
  how: 'The page is scraped, known requests are sent, and it is scraped again. No count may fall, the counts of requests must rise, those with the method of a question too, failed requests must be counted as failed, the durations must be of the order that the client saw, and a question must move the count of LLM calls. Several replicas behind one address are told apart by process_start_time_seconds and counted together; one that does not come back, or a restart, makes the answer unknown. A page that tells of several processes, as an aggregating proxy gives it, is named, and unknown where it tells of others the second time.',
  fix: 'Count each request where it ends, for every route, in seconds, and serve the page from the live registry, not from a cache.',
  verify: 'Run curl -s http://HOST/metrics | grep requests_total, send five requests, and run it again.',
  references: [
    'https://prometheus.io/docs/practices/instrumentation/#online-serving-systems',
    'https://prometheus.io/docs/concepts/metric_types/#counter',
  ],
  needs: ['metricsActivity'],
  evaluate: ({ metricsActivity: activity }, settings) => {
    const pairs = [activity, ...(activity.replicas ?? [])].map((pair) => ({
      before: readOwnPage(pair.before, settings),
      after: readOwnPage(pair.after, settings),
    }));
    if (!pairs.every(isWhole)) return noPage(activity.after);
    // A count can only be compared where all of its series are known.
    const [rest] = pairs.flatMap((pair) => [pair.before, pair.after].flatMap((page) => notKept(page, activity.after)));
    if (rest !== undefined) return [rest];
    const movements = pairs.map((pair) => compare(pair.before, pair.after));
    const otherProcess = movements.find((movement) => movement.otherProcess !== undefined)?.otherProcess;
    const fallen = [...new Set(movements.flatMap((movement) => movement.fallen))];
    const frozen = movements.every((movement) => movement.frozen);
    // The requests were spread over the replicas, so that only all of them together have counted them.
    const before = together(pairs.map((pair) => pair.before));
    const after = together(pairs.map((pair) => pair.after));
    const where = { request: activity.after.request };
    const sent = `${activity.sent.length} requests between the scrapes`;
    if (otherProcess !== undefined)
      return [
        {
          outcome: 'unknown',
          subject: 'movement of metrics',
          message: `The two scrapes were answered by different processes: ${otherProcess}. Ask one replica directly.`,
          observed: otherProcess,
          expected: 'two scrapes of one process',
          where,
        },
      ];
    if (frozen && before.sampleCount > 0)
      return [
        {
          outcome: 'fail',
          subject: 'movement of metrics',
          message: 'Not one value changed between the scrapes: the page is cached or never updated.',
          observed: `no change in ${before.sampleCount} samples after ${sent}`,
          expected: 'counts that rise',
          where,
        },
      ];
    const kept: Verdict = {
      outcome: fallen.length === 0 ? 'pass' : 'fail',
      subject: 'counts that only rise',
      message:
        fallen.length === 0
          ? 'No count fell.'
          : `Counts fell while the process lived: ${fallen.slice(0, 5).join(', ')}.`,
      observed: fallen.length === 0 ? 'every count stayed or rose' : `${fallen.length} names fell`,
      expected: 'counts that stay or rise',
      where,
    };
    return [
      kept,
      ...gathered(
        pairs.map((pair) => pair.after),
        where,
      ),
      ...judgeRequests(activity, riseOf(before, after, 'request-count', 'request-duration'), (method) =>
        methodRise(before, after, method),
      ),
      ...judgeDurations(activity, riseOf(before, after, 'request-duration')),
      ...judgeErrors(activity, before, after),
      ...judgeQuestion(activity, riseOf(before, after, 'llm-duration')),
    ];
  },
});

/** A page that tells of several processes is not the page of who answered alone. */
function gathered(pages: readonly Exposition[], where: NonNullable<Verdict['where']>): readonly Verdict[] {
  const most = Math.max(...pages.map((page) => processStarts(page).length));
  if (most <= 1) return [];
  return [
    {
      outcome: 'pass',
      subject: 'processes behind the page',
      message: `The page tells of ${most} processes: somebody gathers the pages of others, and the counts are of all of them.`,
      observed: `${most} values of process_start_time_seconds`,
      where,
    },
  ];
}

interface Pair {
  readonly before: Exposition;
  readonly after: Exposition;
}

function isWhole(pair: { readonly [K in keyof Pair]: Pair[K] | undefined }): pair is Pair {
  return pair.before !== undefined && pair.after !== undefined;
}

function together(pages: readonly Exposition[]): Exposition {
  const [first] = pages as readonly [Exposition, ...Exposition[]];
  return {
    ...first,
    families: pages.flatMap(({ families }) => families),
    sampleCount: pages.reduce((sum, { sampleCount }) => sum + sampleCount, 0),
  };
}
