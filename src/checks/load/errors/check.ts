import { defineCheck } from '../../../core/check.ts';

export const loadErrorsCheck = defineCheck({
  id: 'load/errors',
  title: 'No more requests fail under load than may',
  severity: 'error',
  why: 'A service that is well when it is asked once can refuse, reset or time out when it is asked as often as in production: pools run dry, queues fill, limits that nobody knew of are met.',
  how: 'With --load requests are sent at a fixed rate, whatever became of those before. The share of those that were refused, reset, too slow or answered with 4xx or 5xx may be at most load.maxErrorRate of the configuration, which is 0 where nothing is said. Requests that could not be sent, because too many were open, are told and make the answer unknown where they are more than that.',
  fix: 'Look at which class of error it is: refused and reset come from the process or its proxy, too slow from a pool or a queue, 429 and 503 from a limit. Raise the limit or the number of replicas, or state what load the service bears.',
  verify: 'Run hey -z 10s -q 10 -c 1 http://HOST/health/ready and read the distribution of status codes.',
  references: [
    'https://sre.google/sre-book/monitoring-distributed-systems/#xref_monitoring_golden-signals',
    'https://sre.google/sre-book/handling-overload/',
  ],
  needs: ['loadRun'],
  evaluate: ({ loadRun: run }, { load }) => {
    const total = Object.values(run.outcomes).reduce((sum, count) => sum + count, 0);
    const failed = total - (run.outcomes['2xx'] ?? 0);
    const rate = total === 0 ? 0 : failed / total;
    const figures = Object.entries(run.outcomes)
      .map(([outcome, count]) => `${count} × ${outcome}`)
      .join(', ');
    const about = {
      subject: 'requests under load',
      where: { request: run.request },
      observed: `${total} requests at ${run.ratePerSecond} a second: ${figures === '' ? 'none ended' : figures}${run.dropped === 0 ? '' : `; ${run.dropped} were not sent`}`,
      expected: `at most ${load.maxErrorRate * 100} % failed`,
    };
    if (rate > load.maxErrorRate)
      return [
        {
          ...about,
          outcome: 'fail',
          message: `${(rate * 100).toFixed(1)} % of the requests failed.`,
        },
      ];
    if (total === 0 || run.dropped / run.planned > load.maxErrorRate)
      return [
        {
          ...about,
          outcome: 'unknown',
          message: `${run.dropped} of ${run.planned} requests could not be sent, because the service kept too many open; what became of them is not known.`,
        },
      ];
    return [{ ...about, outcome: 'pass', message: `${failed} of ${total} requests failed.` }];
  },
});
