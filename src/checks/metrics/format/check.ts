import { defineCheck } from '../../../core/check.ts';
import { judgeFormat } from '../judge-format.ts';

export const metricsFormatCheck = defineCheck({
  id: 'metrics/format',
  title: 'The page of metrics is well-formed and its structure is sound',
  severity: 'error',
  why: 'One malformed line costs the whole scrape. A page that parses can still lie: histograms that do not add up, series that stand twice, counters that are negative; promtool lets those pass, and alerts built on them never fire.',
  how: 'The page is read strictly in the format that its Content-Type names, and then its structure is checked: complete and cumulative histograms, no series twice, families in one piece, sane counters, no reserved names, no timestamps of its own. What Prometheus 3 refuses, or stores with another meaning, is an error, what it merely tolerates a warning; docs/metrics.md says of each fault which it is. Of a page with more than 200,000 samples the rest is unknown.',
  fix: 'Let an official client library write the page instead of building it from strings, and mend the line that is named.',
  verify:
    'Run curl -s http://HOST/metrics | promtool check metrics for the grammar, and look at the named line for the structure.',
  references: [
    'https://prometheus.io/docs/instrumenting/exposition_formats/',
    'https://prometheus.io/docs/specs/om/open_metrics_spec/',
  ],
  needs: ['metricsEndpoint'],
  evaluate: ({ metricsEndpoint }) => judgeFormat(metricsEndpoint),
});
