import { defineCheck } from '../../../core/check.ts';
import { judgeScrape } from '../judge-scrape.ts';

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
  evaluate: ({ metricsEndpoint }) => judgeScrape(metricsEndpoint),
});
