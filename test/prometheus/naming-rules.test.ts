import { describe, expect, it } from 'vitest';
import { checkNaming } from '../../src/prometheus/naming-rules.ts';
import { parseExposition } from '../../src/prometheus/parse-exposition.ts';

function problems(text: string, format: 'text' | 'openmetrics' = 'text'): readonly string[] {
  return checkNaming(parseExposition(text, format)).map((problem) => problem.text);
}

const metric = (name: string, type: string, labels = '') =>
  `# HELP ${name} x\n# TYPE ${name} ${type}\n${name}${labels} 1\n`;

describe('a name', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['without help', '# TYPE a gauge\na 1\n', ['no help text']],
    ['in milliseconds', metric('a_milliseconds', 'gauge'), ['use base unit "seconds" instead of "milliseconds"']],
    ['in minutes', metric('a_minutes', 'gauge'), ['use base unit "seconds" instead of "minutes"']],
    ['of a counter without _total', metric('a', 'counter'), ['counter metrics should have "_total" suffix']],
    ['of a gauge with _total', metric('a_total', 'gauge'), ['non-counter metrics should not have "_total" suffix']],
    [
      'of a gauge with _count',
      metric('a_count', 'gauge'),
      ['non-histogram and non-summary metrics should not have "_count" suffix'],
    ],
    [
      'of a gauge with _sum',
      metric('a_sum', 'gauge'),
      ['non-histogram and non-summary metrics should not have "_sum" suffix'],
    ],
    [
      'of a gauge with _bucket',
      metric('a_bucket', 'gauge'),
      ['non-histogram metrics should not have "_bucket" suffix'],
    ],
    [
      'of a gauge with the label le',
      metric('a', 'gauge', '{le="1"}'),
      ['non-histogram metrics should not have "le" label'],
    ],
    [
      'of a gauge with the label quantile',
      metric('a', 'gauge', '{quantile="1"}'),
      ['non-summary metrics should not have "quantile" label'],
    ],
    ['that says its type', metric('a_gauge', 'gauge'), ["metric name should not include type 'gauge'"]],
    ['with a colon', metric('a:b', 'gauge'), ["metric names should not contain ':'"]],
    ['in camel case', metric('queueSize', 'gauge'), ["metric names should be written in 'snake_case' not 'camelCase'"]],
    [
      'with a label in camel case',
      metric('a', 'gauge', '{queueName="x"}'),
      ["label names should be written in 'snake_case' not 'camelCase'"],
    ],
    ['with an abbreviated unit', metric('a_ms', 'gauge'), ['metric names should not contain abbreviated units']],
    ['that is as it should be', metric('http_requests_total', 'counter'), []],
    ['without a type', '# HELP a_total x\na_total 1\n', []],
  ];
  it.each(cases)('%s is judged in the words of promtool', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('of a counter in OpenMetrics is the one in queries, with its suffix', () => {
    expect(problems('# TYPE a counter\n# HELP a x\na_total 1\n# EOF\n', 'openmetrics')).toEqual([]);
  });
});
