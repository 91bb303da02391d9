import { describe, expect, it } from 'vitest';
import { readOwnPage } from '../../src/checks/metrics/page.ts';
import { judgeContentType } from '../../src/prometheus/content-type.ts';
import { findKpi, highestBound, tellsError } from '../../src/prometheus/find-kpi.ts';
import { type Kpi, secondsIn } from '../../src/prometheus/kpi-alias.ts';
import { KPI_ALIASES } from '../../src/prometheus/kpi-aliases.ts';
import { parseExposition } from '../../src/prometheus/parse-exposition.ts';

const counter = (name: string, labels = '') => `# TYPE ${name} counter\n${name}${labels} 1\n`;
const histogram = (name: string, labels = '') =>
  `# TYPE ${name} histogram\n${name}_bucket{${labels}le="5"} 1\n${name}_bucket{${labels}le="+Inf"} 1\n${name}_sum{${labels.replace(/,$/, '')}} 1\n${name}_count{${labels.replace(/,$/, '')}} 1\n`;

function names(page: string, kpi: Kpi, format: 'text' | 'openmetrics' = 'text'): readonly string[] {
  return findKpi(parseExposition(page, format), kpi).map(({ family }) => family.name);
}

describe('a KPI', () => {
  it('is found under the name of each library, with the label of the endpoint', () => {
    for (const { kpi, name, shape, endpointLabels, library } of KPI_ALIASES) {
      const label = endpointLabels?.[0];
      const page =
        shape === 'counter'
          ? counter(name, label === undefined ? '' : `{${label}="x"}`)
          : histogram(name, label === undefined ? '' : `${label}="x",`);
      const [found] = findKpi(parseExposition(page, 'text'), kpi);
      expect(found, `${name} of ${library}`).toMatchObject({ endpointLabel: label });
    }
  });

  it('has a source for each alias', () => {
    for (const alias of KPI_ALIASES) expect(alias.source).toMatch(/^https:\/\//);
  });

  it('is found under the name that the configuration gives it, before those of libraries', () => {
    const page = `${histogram('api_latency', 'op="ask",')}${histogram('http_request_duration_seconds')}${counter('openai_calls')}`;
    const exchange = { request: 'GET /metrics', status: 200, headers: {}, body: page, truncated: false, durationMs: 1 };
    const own = readOwnPage(exchange, {
      metrics: {
        'request-duration': [{ name: 'api_latency', unit: 'milliseconds', endpoint: 'op' }],
        'tool-calls': [{ name: 'openai_calls' }],
      },
    });
    if (own === undefined) throw new Error('no page');
    const [first] = findKpi(own, 'request-duration');
    expect(first).toMatchObject({ family: { name: 'api_latency' }, endpointLabel: 'op' });
    expect(secondsIn(first?.alias ?? { kpi: 'tool-calls', name: '', shape: 'counter', library: '', source: '' })).toBe(
      0.001,
    );
    expect(findKpi(own, 'tool-calls').map(({ countName }) => countName)).toEqual(['openai_calls']);
  });

  it('is found behind the prefix of a service', () => {
    expect(names(counter('qna_http_requests_total'), 'request-count')).toEqual(['qna_http_requests_total']);
  });

  it('is not found in a name that only looks like it', () => {
    expect(names(counter('promhttp_metric_handler_requests_total'), 'request-count')).toEqual([]);
    expect(names(counter('openai_requests_total'), 'request-count')).toEqual([]);
    expect(names(histogram('llm_request_duration_seconds'), 'request-duration')).toEqual([]);
    expect(names('# TYPE http_requests_total gauge\nhttp_requests_total 1\n', 'request-count')).toEqual([]);
  });

  it('is found in OpenMetrics, where families leave out _total', () => {
    expect(
      names('# TYPE http_requests counter\nhttp_requests_total{route="a"} 1\n# EOF\n', 'request-count', 'openmetrics'),
    ).toEqual(['http_requests']);
  });

  it('is found in what Go kit writes, whose unit and errors are its own', () => {
    const family = (error: string) => `api_request_latency_microseconds_count{method="ask",error="${error}"} 1\n`;
    const page = parseExposition(
      `# TYPE api_request_latency_microseconds summary\n${family('true')}${family('false')}`,
      'text',
    );
    const [found] = findKpi(page, 'request-duration');
    expect(found).toMatchObject({ endpointLabel: 'method', outcomeLabel: 'error' });
    expect(found && secondsIn(found.alias)).toBe(0.000_001);
    expect(found?.family.samples.map((sample) => tellsError(found, sample))).toEqual([true, false]);
  });

  it('is found under a dotted name', () => {
    const page =
      '# TYPE "gen_ai.client.operation.duration" histogram\n{"gen_ai.client.operation.duration_bucket","le"="+Inf"} 1\n{"gen_ai.client.operation.duration_sum"} 1\n{"gen_ai.client.operation.duration_count"} 1\n';
    expect(names(page, 'llm-duration')).toEqual(['gen_ai.client.operation.duration']);
  });

  it('tells where its buckets end', () => {
    const [family] = parseExposition(histogram('d_seconds'), 'text').families;
    expect(family && highestBound(family)).toBe(5);
  });
});

describe('a Content-Type', () => {
  const cases: readonly (readonly [string | undefined, string])[] = [
    ['text/plain; version=0.0.4; charset=utf-8', 'text'],
    ['text/plain', 'text'],
    ['TEXT/PLAIN;version="1.0.0"', 'text'],
    ['application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores', 'openmetrics'],
    ['application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited', 'protobuf'],
    [undefined, 'refused'],
    ['', 'refused'],
    ['text', 'refused'],
    ['text/plain; version', 'refused'],
    ['text/html', 'refused'],
    ['application/json', 'refused'],
    ['application/openmetrics-text; version=2.0.0', 'refused'],
    ['text/plain;', 'text'],
    ['text/plain;;', 'refused'],
    ['text/plain; q=1; q=2', 'refused'],
    ['text/plain; charset="utf-8', 'refused'],
  ];
  it.each(cases)('%s is judged as Prometheus 3 does: %s', (contentType, expected) => {
    const verdict = judgeContentType(contentType);
    expect(verdict.accepted ? verdict.format : 'refused').toBe(expected);
  });
});
