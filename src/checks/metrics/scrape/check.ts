import { defineCheck, type Verdict } from '../../../core/check.ts';
import { judgeContentType } from '../../../prometheus/content-type.ts';

/** The default scrape_timeout of Prometheus. */
const SCRAPE_TIMEOUT_MS = 10_000;
const LARGE_PAGE = 10 * 1024 * 1024;

export const metricsScrapeCheck = defineCheck({
  id: 'metrics/scrape',
  title: 'Prometheus can scrape the metrics endpoint',
  severity: 'error',
  why: 'Prometheus 3 refuses a scrape whose Content-Type is missing or unknown, and any that does not answer 200 in time: the graphs stay empty, and so do the alerts.',
  how: 'The declared path, then the common ones, are asked once as Prometheus 3 asks. The answer must be 200, must have a Content-Type that Prometheus accepts, must come within the default scrape timeout of 10 seconds and should be smaller than 10 MiB.',
  fix: 'Serve the page at /metrics with the content type of your client library, such as text/plain; version=0.0.4; charset=utf-8, without a redirect and without authentication inside the cluster.',
  verify: 'Run curl -si http://HOST/metrics and read the status and the Content-Type.',
  references: [
    'https://prometheus.io/docs/instrumenting/content_negotiation/',
    'https://prometheus.io/docs/prometheus/latest/migration/#scrape-protocols',
  ],
  needs: ['metricsEndpoint'],
  evaluate: ({ metricsEndpoint: page }) => {
    const where = { request: page.request };
    const { location } = page.headers;
    const answered: Verdict = {
      outcome: page.status === 200 ? 'pass' : 'fail',
      subject: 'metrics endpoint',
      message:
        page.status === 200
          ? 'The metrics endpoint answers 200.'
          : `The metrics endpoint answers ${page.status}${location === undefined ? '' : `, a redirect to ${location}`}: Prometheus counts the target as down.`,
      observed: `status ${page.status}`,
      expected: 'status 200',
      where,
    };
    if (page.status !== 200) return [answered];
    const contentType = page.headers['content-type'];
    const verdict = judgeContentType(contentType);
    const quick = page.durationMs < SCRAPE_TIMEOUT_MS;
    const small = page.body.length <= LARGE_PAGE;
    return [
      answered,
      {
        outcome: verdict.accepted ? 'pass' : 'fail',
        subject: 'metrics Content-Type',
        message: verdict.accepted
          ? 'Prometheus accepts the Content-Type.'
          : `Prometheus 3 refuses the page: ${verdict.reason}.`,
        observed: contentType ?? 'no Content-Type',
        expected: 'text/plain; version=0.0.4 or application/openmetrics-text; version=1.0.0',
        where,
      },
      {
        outcome: quick ? 'pass' : 'fail',
        subject: 'metrics duration',
        message: quick
          ? `The page came within ${page.durationMs} ms.`
          : `The page took ${page.durationMs} ms, and Prometheus gives up after ${SCRAPE_TIMEOUT_MS} ms by default.`,
        observed: `${page.durationMs} ms`,
        expected: `less than ${SCRAPE_TIMEOUT_MS} ms`,
        where,
      },
      {
        outcome: small ? 'pass' : 'fail',
        severity: 'warning',
        subject: 'metrics size',
        message: small
          ? 'The page is of a reasonable size.'
          : 'The page is so large that rendering it blocks the service and reading it slows Prometheus.',
        observed: `${page.body.length} characters`,
        expected: 'at most 10 MiB',
        where,
      },
    ];
  },
});
