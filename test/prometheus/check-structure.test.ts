import { describe, expect, it } from 'vitest';
import { checkStructure } from '../../src/prometheus/check-structure.ts';
import type { FaultCode } from '../../src/prometheus/fault-meanings.ts';
import { parseExposition } from '../../src/prometheus/parse-exposition.ts';

const histogram = (lines: string) => `# HELP d_seconds x\n# TYPE d_seconds histogram\n${lines}`;

describe('a page that promtool lets pass', () => {
  const silent: readonly (readonly [string, string, FaultCode, number])[] = [
    ['is empty', '', 'empty-page', 1],
    [
      'has a histogram without +Inf',
      histogram('d_seconds_bucket{le="1"} 1\nd_seconds_sum 1\nd_seconds_count 1\n'),
      'missing-infinite-bucket',
      3,
    ],
    [
      'has buckets that are not cumulative',
      histogram(
        'd_seconds_bucket{le="1"} 5\nd_seconds_bucket{le="2"} 3\nd_seconds_bucket{le="+Inf"} 5\nd_seconds_sum 1\nd_seconds_count 5\n',
      ),
      'buckets-not-cumulative',
      4,
    ],
    [
      'has a count that differs from +Inf',
      histogram('d_seconds_bucket{le="+Inf"} 4\nd_seconds_sum 1\nd_seconds_count 5\n'),
      'infinite-bucket-differs',
      5,
    ],
    [
      'has a histogram without a sum',
      histogram('d_seconds_bucket{le="+Inf"} 4\nd_seconds_count 4\n'),
      'missing-sum',
      3,
    ],
    [
      'has a histogram without a count',
      histogram('d_seconds_bucket{le="+Inf"} 4\nd_seconds_sum 4\n'),
      'missing-count',
      3,
    ],
    [
      'has buckets out of order',
      histogram(
        'd_seconds_bucket{le="2"} 3\nd_seconds_bucket{le="1"} 1\nd_seconds_bucket{le="+Inf"} 4\nd_seconds_sum 1\nd_seconds_count 4\n',
      ),
      'buckets-out-of-order',
      4,
    ],
    [
      'has the same series twice, its labels in another order',
      '# TYPE a gauge\na{b="1",c="2"} 1\na{c="2",b="1"} 2\n',
      'duplicate-series',
      3,
    ],
    ['has a negative counter', '# TYPE a_total counter\na_total -1\n', 'negative-counter', 2],
    ['has a counter that is no number', '# TYPE a_total counter\na_total NaN\n', 'counter-not-a-number', 2],
    ['has a gauge named up', '# TYPE up gauge\nup 1\n', 'reserved-name', 2],
    ['has timestamps of its own', '# TYPE a gauge\na 1 1763900000000\n', 'explicit-timestamp', 2],
    ['has an e-mail address as a label value', '# TYPE a gauge\na{user="bob@example.com"} 1\n', 'personal-label', 2],
    [
      'has a bucket without a bound',
      histogram('d_seconds_bucket 4\nd_seconds_bucket{le="+Inf"} 4\nd_seconds_sum 1\nd_seconds_count 4\n'),
      'bucket-without-bound',
      3,
    ],
    ['has a quantile beyond 1', '# TYPE s summary\ns{quantile="99"} 1\n', 'invalid-quantile', 2],
  ];
  it.each(silent)('is caught where it %s', (_, text, code, line) => {
    const page = parseExposition(text, 'text');
    expect(page.faults).toEqual([]);
    expect(checkStructure(page).map((fault) => [fault.code, fault.line])).toEqual([[code, line]]);
  });
});

describe('a sound page', () => {
  it('has no fault, with several histograms in one family', () => {
    const one = (route: string, count: number) =>
      `d_seconds_bucket{route="${route}",le="1"} 0\nd_seconds_bucket{route="${route}",le="+Inf"} ${count}\nd_seconds_sum{route="${route}"} 2.5\nd_seconds_count{route="${route}"} ${count}\n`;
    expect(checkStructure(parseExposition(histogram(one('a', 3) + one('b', 0)), 'text'))).toEqual([]);
  });

  it('may hold negative and missing values in gauges', () => {
    expect(checkStructure(parseExposition('# TYPE a gauge\na{b="1"} -1\na{b="2"} NaN\n', 'text'))).toEqual([]);
  });
});

describe('OpenMetrics', () => {
  const faulty: readonly (readonly [string, string, FaultCode])[] = [
    ['a counter without _total', '# TYPE a counter\na 1\n# EOF\n', 'suffix-not-of-type'],
    ['an exemplar on a gauge', '# TYPE a gauge\na 1 # {t="1"} 1\n# EOF\n', 'exemplar-misplaced'],
    [
      'an exemplar that is too long',
      `# TYPE a counter\na_total 1 # {t="${'x'.repeat(130)}"} 1\n# EOF\n`,
      'exemplar-too-long',
    ],
    ['a state of 2', '# TYPE a stateset\na{a="on"} 2\n# EOF\n', 'invalid-state'],
  ];
  it.each(faulty)('is faulty with %s', (_, text, code) => {
    const page = parseExposition(text, 'openmetrics');
    expect(page.faults).toEqual([]);
    expect(checkStructure(page).map((fault) => fault.code)).toEqual([code]);
  });
});
