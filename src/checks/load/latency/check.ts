import { defineCheck } from '../../../core/check.ts';

/** How long the kubelet waits for an answer by default. */
const KUBELET_MS = 1000;

export const loadLatencyCheck = defineCheck({
  id: 'load/latency',
  title: 'Answers under load come in time',
  severity: 'warning',
  why: 'Averages hide the callers who wait. A readiness endpoint whose slowest answers pass one second under load takes healthy replicas out of traffic just when they are needed.',
  how: 'With --load requests are sent at a fixed rate, and each is timed from when it was due, so that a stall counts for all that it held up. The 99th percentile, exact over all requests, must be below load.p99Ms of the configuration; where nothing is said, below the one second of the kubelet for health endpoints, and for others the figures are told only.',
  fix: 'Find what the slowest requests wait for: a pool, a lock, the event loop, the garbage collector. Answer health endpoints apart from the work, and bound the work that is taken at once.',
  verify: 'Run hey -z 10s -q 10 -c 1 http://HOST/health/ready and read the 99th percentile.',
  references: [
    'https://sre.google/sre-book/service-level-objectives/',
    'https://github.com/HdrHistogram/HdrHistogram#corrected-vs-raw-value-recording-calls',
  ],
  needs: ['loadRun'],
  evaluate: ({ loadRun: run }, { load }) => {
    const { latencyMs } = run;
    const limitMs = load.p99Ms ?? (run.isHealth ? KUBELET_MS : undefined);
    const about = { subject: 'answers under load', where: { request: run.request } };
    if (latencyMs === undefined)
      return [{ ...about, outcome: 'unknown', message: 'No request was answered, so that no time can be told.' }];
    const { p50, p95, p99, max } = latencyMs;
    const observed = `p50 ${tell(p50)}, p95 ${tell(p95)}, p99 ${tell(p99)}, slowest ${tell(max)}, at ${run.ratePerSecond} a second${run.latestSentMs < 10 ? '' : `; this machine sent the latest ${run.latestSentMs} ms late`}`;
    if (limitMs === undefined)
      return [
        {
          ...about,
          outcome: 'not-applicable',
          message: `No limit is set for this request (load.p99Ms in the configuration): ${observed}.`,
          observed,
        },
      ];
    const isInTime = p99 < limitMs;
    if (!isInTime && run.latestSentMs * 2 >= p99)
      return [
        {
          ...about,
          outcome: 'unknown',
          message: `This machine sent requests up to ${run.latestSentMs} ms late, so that its figures are not those of the service.`,
          observed,
        },
      ];
    return [
      {
        ...about,
        outcome: isInTime ? 'pass' : 'fail',
        message: isInTime
          ? `99 of 100 answers came within ${tell(p99)}.`
          : `One of 100 answers took ${tell(p99)} or more.`,
        observed,
        expected: `p99 below ${limitMs} ms`,
      },
    ];
  },
});

function tell(ms: number): string {
  return `${ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
