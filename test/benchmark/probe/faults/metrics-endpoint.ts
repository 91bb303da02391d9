import type { Fault } from '../fault.ts';
import type { Service } from '../service.ts';
import { changing, withHeaders } from './changes.ts';

const METRICS = '3.2';

/** What counts is the size, and a comment is read quickly. */
const bulky =
  (bytes: number) =>
  (base: Service): Service => ({
    ...base,
    page: (families, counts) => `${base.page(families, counts)}# ${'x'.repeat(bytes)}\n`,
  });

/** A page of metrics that Prometheus does not get, or does not take. */
export const METRICS_ENDPOINT_FAULTS: readonly Fault[] = [
  {
    name: 'metrics-missing',
    tells: 'There is no page of metrics.',
    item: METRICS,
    check: 'metrics/scrape',
    says: /The metrics endpoint answers 404/,
    breaks: (base) => ({ ...base, metrics: base.unknown }),
  },
  {
    name: 'metrics-500',
    tells: 'The page of metrics answers 500.',
    item: METRICS,
    check: 'metrics/scrape',
    says: /The metrics endpoint answers 500/,
    breaks: (base) => ({ ...base, metrics: changing(base.metrics, (answer) => ({ ...answer, status: 500 })) }),
  },
  {
    name: 'metrics-needs-credentials',
    tells: 'The page of metrics wants a token that Prometheus was never given.',
    item: METRICS,
    check: 'metrics/scrape',
    says: /The metrics endpoint answers 401/,
    breaks: (base) => ({ ...base, metrics: () => ({ status: 401, headers: {}, body: '' }) }),
  },
  {
    name: 'metrics-redirects',
    tells: 'The page of metrics redirects to a login page.',
    item: METRICS,
    check: 'metrics/scrape',
    says: /The metrics endpoint answers 302, a redirect to \/login/,
    breaks: (base) => ({ ...base, metrics: () => ({ status: 302, headers: { location: '/login' }, body: '' }) }),
  },
  {
    name: 'metrics-web-page',
    tells: 'A page for people stands where the metrics should be.',
    item: METRICS,
    check: 'metrics/scrape',
    says: /does not know the media type text\/html/,
    breaks: (base) => ({
      ...base,
      metrics: () => ({
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><html><body>Dashboard</body></html>',
      }),
    }),
  },
  {
    name: 'metrics-without-content-type',
    tells: 'The page of metrics has no Content-Type, so Prometheus 3 refuses it.',
    item: METRICS,
    check: 'metrics/scrape',
    says: /the Content-Type is missing/,
    breaks: (base) => ({ ...base, metrics: changing(base.metrics, (answer) => ({ ...answer, headers: {} })) }),
  },
  {
    name: 'metrics-content-type-json',
    tells: 'The page of metrics says that it is JSON.',
    item: METRICS,
    check: 'metrics/scrape',
    says: /does not know the media type application\/json/,
    breaks: (base) => ({ ...base, metrics: withHeaders(base.metrics, { 'content-type': 'application/json' }) }),
  },
  {
    name: 'metrics-content-type-unreadable',
    tells: 'The Content-Type of the page of metrics cannot be read.',
    item: METRICS,
    check: 'metrics/scrape',
    says: /the Content-Type cannot be read/,
    breaks: (base) => ({
      ...base,
      metrics: withHeaders(base.metrics, { 'content-type': 'text/plain, version=0.0.4' }),
    }),
  },
  {
    name: 'metrics-json-body',
    tells: 'The page of metrics is a JSON object under the right Content-Type.',
    item: METRICS,
    check: 'metrics/format',
    says: /Prometheus 3 refuses the whole page/,
    breaks: (base) => ({ ...base, page: () => '{"http_requests_total": 12}\n' }),
  },
  {
    name: 'metrics-empty',
    tells: 'The page of metrics is empty.',
    item: METRICS,
    check: 'metrics/format',
    says: /empty-page/,
    breaks: (base) => ({ ...base, page: () => '' }),
  },
  {
    name: 'metrics-openmetrics-without-end',
    tells: 'The page says that it is OpenMetrics, and does not end as OpenMetrics must.',
    item: METRICS,
    check: 'metrics/format',
    says: /missing-eof/,
    breaks: (base) => ({
      ...base,
      metrics: withHeaders(base.metrics, { 'content-type': 'application/openmetrics-text; version=1.0.0' }),
      // The names of counters are written otherwise in OpenMetrics, which would be another fault.
      families: (counts) => base.families(counts).filter(({ type }) => type !== 'counter'),
    }),
  },
  {
    name: 'metrics-slow',
    tells: 'The page of metrics takes longer than Prometheus waits.',
    item: METRICS,
    check: 'metrics/scrape',
    says: /Prometheus gives up after 10000 ms/,
    breaks: (base) => ({
      ...base,
      metrics: (asked, counts, service) => {
        const isFirst = counts.scrapes === 0;
        return changing(base.metrics, (answer) => (isFirst ? { ...answer, afterMs: 10_050 } : answer))(
          asked,
          counts,
          service,
        );
      },
    }),
    args: ['--timeout', '12'],
  },
  {
    name: 'metrics-too-large',
    tells: 'The page of metrics has more than 10 MiB.',
    item: METRICS,
    check: 'metrics/scrape',
    says: /so large that rendering it blocks/,
    breaks: bulky(10.5 * 1024 * 1024),
  },
  {
    name: 'metrics-endless',
    tells: 'The page of metrics has more than 16 MiB, and is not read to its end.',
    item: METRICS,
    check: 'unknown:metrics/scrape',
    says: /the page is larger than 16 MiB/,
    breaks: bulky(17 * 1024 * 1024),
  },
  {
    name: 'metrics-latin-1',
    tells: 'A label is written in Latin-1.',
    item: METRICS,
    check: 'metrics/format',
    says: /not-utf-8/,
    breaks: (base) => ({
      ...base,
      page: (families, counts) =>
        Buffer.from(String(base.page(families, counts)).replace('state="idle"', 'state="müßig"'), 'latin1'),
    }),
  },
];
