import type { Verdict } from '../../core/check.ts';
import type { Exchange } from '../../core/endpoint-facts.ts';
import { judgeContentType } from '../../prometheus/content-type.ts';

/** The default scrape_timeout of Prometheus. */
const SCRAPE_TIMEOUT_MS = 10_000;
const LARGE_PAGE = 10 * 1024 * 1024;

/** Whether Prometheus would take the answer to a scrape: its status, Content-Type, time and size. */
export function judgeScrape(page: Exchange): readonly Verdict[] {
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
}
