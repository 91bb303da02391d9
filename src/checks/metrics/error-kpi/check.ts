import { defineCheck } from '../../../core/check.ts';
import { findKpi } from '../../../prometheus/find-kpi.ts';
import { describeFamily, kpiPage, missingKpi } from '../judge-kpi.ts';

const KPI = 'error rate of requests';

export const metricsErrorKpiCheck = defineCheck({
  id: 'metrics/error-kpi',
  title: 'The error rate is told per endpoint',
  severity: 'error',
  why: 'An alert on the share of failed requests is the one that every service needs. It takes a count of requests that tells failures apart, per endpoint.',
  how: 'On the page after some requests, either a counter of failed requests or a count of requests with a label for the status is looked for under the names of the common libraries, with a label for the endpoint.',
  fix: 'Count http_requests_total with the labels method, route and status, or http_request_errors_total beside it, and initialise the series of each known route to 0.',
  verify:
    'Run curl -s http://HOST/metrics | grep -E "requests_total|errors_total" and look for the labels of status and endpoint.',
  references: [
    'https://prometheus.io/docs/practices/instrumentation/#failures',
    'https://opentelemetry.io/docs/specs/semconv/http/http-metrics/',
  ],
  needs: ['metricsActivity'],
  evaluate: ({ metricsActivity: { after } }, settings) => {
    const page = kpiPage(after, KPI, settings);
    if (!('families' in page)) return page;
    const families = findKpi(page, 'request-errors', 'request-count', 'request-duration');
    const telling = families.filter((kpi) => kpi.alias.kpi === 'request-errors' || kpi.outcomeLabel !== undefined);
    const where = { request: after.request };
    const expected = 'http_requests_total{route,status} or http_request_errors_total{route}';
    const [first] = telling.filter((kpi) => kpi.endpointLabel !== undefined);
    if (first !== undefined)
      return [
        {
          outcome: 'pass',
          subject: KPI,
          message: `${first.family.name} tells it per ${first.endpointLabel}.`,
          observed: describeFamily(first),
          expected,
          where,
        },
      ];
    if (
      telling.some(({ family }) => family.samples.length === 0) ||
      (families.length > 0 && families.every(({ family }) => family.samples.length === 0))
    )
      return [
        {
          outcome: 'unknown',
          subject: KPI,
          message: 'The metric is declared but has no series, so its labels cannot be seen.',
          observed: telling.map(describeFamily).join('; '),
          expected,
          where,
        },
      ];
    if (telling.length > 0)
      return [
        {
          outcome: 'fail',
          subject: KPI,
          message: 'Errors are told, but no label tells the endpoints apart.',
          observed: telling.map(describeFamily).join('; '),
          expected,
          where,
        },
      ];
    if (families.length > 0)
      return [
        {
          outcome: 'fail',
          subject: KPI,
          message: 'Requests are counted, but no label tells errors from successes.',
          observed: families.map(describeFamily).join('; '),
          expected,
          where,
        },
      ];
    return [missingKpi(KPI, expected, after, page)];
  },
});
