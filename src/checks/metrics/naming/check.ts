import { defineCheck, type Verdict } from '../../../core/check.ts';
import { checkNaming } from '../../../prometheus/naming-rules.ts';
import { noPage, readPage } from '../page.ts';

const SHOWN = 10;

export const metricsNamingCheck = defineCheck({
  id: 'metrics/naming',
  title: 'Metrics are named and described as Prometheus recommends',
  severity: 'warning',
  why: 'Names carry the unit and the kind of a metric. Milliseconds among seconds, a gauge called _total or a metric without help mislead whoever writes the next query in the middle of the night.',
  how: 'Every rule of promtool check metrics is applied to the page: help text, base units, the suffixes _total, _bucket, _count and _sum, the labels le and quantile, no type, colon, camelCase or abbreviated unit in a name, no metric twice.',
  fix: 'Rename the metric at its source, keep the old name beside it until dashboards and alerts have moved, and give every metric a help text.',
  verify: 'Run curl -s http://HOST/metrics | promtool check metrics.',
  references: [
    'https://prometheus.io/docs/practices/naming/',
    'https://github.com/prometheus/client_golang/tree/main/prometheus/testutil/promlint',
  ],
  needs: ['metricsEndpoint'],
  evaluate: ({ metricsEndpoint }) => {
    const page = readPage(metricsEndpoint);
    if (page === undefined || page.sampleCount === 0) return noPage(metricsEndpoint);
    const problems = checkNaming(page);
    const { request } = metricsEndpoint;
    if (problems.length === 0)
      return [
        {
          outcome: 'pass',
          subject: 'metric names',
          message: 'All names and descriptions follow the conventions.',
          observed: `${page.families.length} families`,
          expected: 'no finding of promtool',
          where: { request },
        },
      ];
    const verdicts = problems.slice(0, SHOWN).map(
      ({ metric, text, line }): Verdict => ({
        outcome: 'fail',
        subject: metric,
        message: `The metric ${metric} breaks a convention: ${text}.`,
        observed: text,
        expected: 'no finding of promtool',
        where: { request: `${request} line ${line}:1` },
      }),
    );
    if (problems.length <= SHOWN) return verdicts;
    return [
      ...verdicts,
      {
        outcome: 'fail',
        subject: 'metric names',
        message: `The page has ${problems.length - SHOWN} more findings.`,
        observed: `${problems.length} findings in all`,
        expected: 'no finding of promtool',
        where: { request },
      },
    ];
  },
});
