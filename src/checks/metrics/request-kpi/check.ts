import { defineCheck, type Verdict } from '../../../core/check.ts';
import { findKpi } from '../../../prometheus/find-kpi.ts';
import { describeFamily, judgeBuckets, kpiPage, missingKpi } from '../judge-kpi.ts';

const KPI = 'latency and count of requests';
/** Where the buckets that OpenTelemetry recommends for HTTP servers end. */
const HIGHEST_BUCKET_SECONDS = 10;

export const metricsRequestKpiCheck = defineCheck({
  id: 'metrics/request-kpi',
  title: 'Latency and count of requests are told per endpoint',
  severity: 'error',
  why: 'How many requests come and how long they take is the first question in every incident, and it can only be answered per endpoint: a fast health check hides a slow answer in any average.',
  how: 'On the page after some requests, a histogram or summary of request durations is looked for under the names of the common libraries, with a label for the endpoint; its count tells the number of requests. Its highest bucket should reach 10 seconds.',
  fix: 'Record http_request_duration_seconds as a histogram with the labels method and route, where route is the template and never the raw path, with buckets from 5 ms to at least 10 s.',
  verify: 'Run curl -s http://HOST/metrics | grep request_duration and look for the label of the endpoint.',
  references: [
    'https://opentelemetry.io/docs/specs/semconv/http/http-metrics/',
    'https://prometheus.io/docs/practices/instrumentation/#online-serving-systems',
  ],
  needs: ['metricsActivity'],
  evaluate: ({ metricsActivity: { after } }, settings) => {
    const page = kpiPage(after, KPI, settings);
    if (!('families' in page)) return page;
    const families = findKpi(page, 'request-duration');
    if (families.length === 0)
      return [missingKpi(KPI, 'a histogram such as http_request_duration_seconds{method,route}', after, page)];
    const perEndpoint = families.find((kpi) => kpi.endpointLabel !== undefined);
    // Names without a single series yet have no labels to look at; they are declared, and no more is known.
    const empty = families.every(({ family }) => family.samples.length === 0);
    const found: Verdict = {
      outcome: perEndpoint !== undefined ? 'pass' : empty ? 'unknown' : 'fail',
      subject: KPI,
      message:
        perEndpoint !== undefined
          ? `${perEndpoint.family.name} tells them per ${perEndpoint.endpointLabel}.`
          : empty
            ? 'The metric is declared but has no series, so its labels cannot be seen.'
            : 'Durations are told, but no label tells the endpoints apart.',
      observed: families.map(describeFamily).join('; '),
      expected: 'a label such as route, handler or http_route',
      where: { request: after.request },
    };
    return [found, ...judgeBuckets(KPI, families, HIGHEST_BUCKET_SECONDS, after)];
  },
});
