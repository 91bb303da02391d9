import { defineCheck, type Verdict } from '../../../core/check.ts';
import type { LoadRun } from '../../../core/run-facts.ts';
import type { Exposition } from '../../../prometheus/exposition.ts';
import { findKpi, type KpiFamily } from '../../../prometheus/find-kpi.ts';
import { secondsIn } from '../../../prometheus/kpi-alias.ts';
import { processStart } from '../../../prometheus/series.ts';
import { readOwnPage } from '../page.ts';
import { type Bucket, bucketOf, countOf, quantileBucket, risenBuckets } from './buckets.ts';

/** What the way there and back may add to what the service itself can see. */
const WAY_MS = 50;

const QUANTILES = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
] as const;

export const metricsLatencyAgreesCheck = defineCheck({
  id: 'metrics/latency-agrees',
  title: "The service's own histogram tells what its callers saw",
  severity: 'warning',
  why: 'Dashboards and alerts read the histogram. One that leaves requests out, starts its clock late or counts in another unit shows a service that is fast while its users wait.',
  how: 'With --load the page of metrics is scraped before and after. The histogram of request durations must have counted as many requests as were answered, for the route that was asked where it has one (where it counted more, somebody else asked too, and nothing can be said), and the bucket in which it places p50, p95 and p99 must be the one of the measured time, or the next to it, or end less than 50 ms before it, so much the way may add; where this machine sent requests later than that, so much more is forgiven.',
  fix: 'Observe the duration of every request where its answer ends, in seconds, for every route; start the clock before the queue, and not behind it.',
  verify:
    'Scrape http://HOST/metrics, send a known number of requests, scrape again, and compare the rise of http_request_duration_seconds_count with that number.',
  references: [
    'https://prometheus.io/docs/practices/histograms/',
    'https://prometheus.io/docs/practices/instrumentation/#online-serving-systems',
  ],
  needs: ['loadRun'],
  evaluate: ({ loadRun: run }, settings) => {
    const about = { subject: 'histogram of request durations', where: { request: run.request } };
    if (run.metrics === undefined)
      return [{ ...about, outcome: 'unknown', message: 'The page of metrics could not be read before and after.' }];
    const pairs = [run.metrics, ...(run.metrics.replicas ?? [])].map(({ before, after }) => ({
      before: readOwnPage(before, settings),
      after: readOwnPage(after, settings),
    }));
    if (!pairs.every(isWhole))
      return [
        {
          ...about,
          outcome: 'not-applicable',
          message: 'There is no page of metrics to judge; metrics/scrape says why.',
        },
      ];
    if (pairs.some(({ before, after }) => processStart(before) !== processStart(after)))
      return [
        {
          ...about,
          outcome: 'unknown',
          message: 'The two scrapes were answered by different processes. Ask one replica directly.',
        },
      ];
    return judge(run, pairs);
  },
});

interface Pair {
  readonly before: Exposition;
  readonly after: Exposition;
}

function isWhole(pair: { readonly [K in keyof Pair]: Pair[K] | undefined }): pair is Pair {
  return pair.before !== undefined && pair.after !== undefined;
}

function judge(run: LoadRun, pairs: readonly Pair[]): readonly Verdict[] {
  const path = new URL(run.request.slice(run.request.indexOf(' ') + 1)).pathname;
  const answered = run.serviceMs?.count ?? 0;
  const where = { request: run.request };
  const [first] = pairs;
  const candidates = (first === undefined ? [] : findKpi(first.after, 'request-duration'))
    .filter(({ family }) => family.type === 'histogram')
    .map((kpi) => ({ kpi, buckets: risenBuckets(pairs, kpi, path) }));
  if (candidates.length === 0)
    return [
      {
        outcome: 'not-applicable',
        subject: 'histogram of request durations',
        message: 'No histogram of request durations is known on this page; metrics/request-kpi judges that.',
        where,
      },
    ];
  // A service can have several; a coarse one beside a fine one is no fault, so the one that comes nearest counts.
  const nearest = candidates.toSorted(
    (a, b) => Math.abs(countOf(a.buckets) - answered) - Math.abs(countOf(b.buckets) - answered),
  )[0];
  if (nearest === undefined) return [];
  const { kpi, buckets } = nearest;
  const counted = countOf(buckets);
  const subject = `histogram ${kpi.family.name}`;
  if (counted === 0 && run.isHealth)
    return [
      {
        outcome: 'not-applicable',
        subject,
        message:
          'The service leaves its health endpoints out of the histogram; ask another request with --load-request.',
        where,
      },
    ];
  // Whether what we gave up or what broke off was counted is the service's own affair.
  const unanswered = Object.values(run.outcomes).reduce((sum, each) => sum + each, 0) - answered;
  const about = {
    subject: `${subject} count`,
    observed: `${counted} counted`,
    expected: `${answered} answered`,
    where,
  };
  if (counted > answered + unanswered && counted !== 2 * answered)
    return [
      {
        ...about,
        outcome: 'unknown',
        severity: 'note',
        message: `The histogram counted ${counted} requests where ${answered} of ours were answered: somebody else asked too, so that nothing can be compared.`,
      },
    ];
  if (counted < answered || counted === 2 * answered)
    return [
      {
        ...about,
        outcome: 'fail',
        message: `The histogram counted ${counted} requests where ${answered} were answered.`,
      },
    ];
  const count: Verdict = { ...about, outcome: 'pass', message: 'Every request was counted.' };
  if (counted === 0 || run.serviceMs === undefined) return [count];
  return [count, judgeQuantiles(run, run.serviceMs, buckets, kpi, subject)];
}

function judgeQuantiles(
  { latestSentMs, request }: LoadRun,
  measured: NonNullable<LoadRun['serviceMs']>,
  buckets: readonly Bucket[],
  { alias }: KpiFamily,
  subject: string,
): Verdict {
  const perUnit = 1000 * secondsIn(alias);
  const addedMs = WAY_MS + latestSentMs;
  const told = QUANTILES.map(([name, share]) => {
    const [theirs, ours] = [quantileBucket(buckets, share), bucketOf(buckets, measured[name] / perUnit)];
    const bound = buckets[theirs]?.le ?? Number.POSITIVE_INFINITY;
    return {
      name,
      agrees: Math.abs(theirs - ours) <= 1 || (theirs < ours && measured[name] - bound * perUnit <= addedMs),
      words: `${name} ${measured[name]} ms, in the bucket to ${bound}`,
    };
  });
  const wrong = told.filter(({ agrees }) => !agrees);
  return {
    outcome: wrong.length === 0 ? 'pass' : 'fail',
    subject: `${subject} buckets`,
    message:
      wrong.length === 0
        ? 'The histogram places the percentiles where they were measured.'
        : `The histogram places ${wrong.map(({ name }) => name).join(', ')} elsewhere than they were measured.`,
    observed: told.map(({ words }) => words).join('; '),
    expected: `the bucket of the measured time, or the next to it, or one that ends less than ${addedMs} ms before it`,
    where: { request },
  };
}
