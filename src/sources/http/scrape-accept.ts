/**
 * What Prometheus 3 sends when it scrapes, with its default scrape protocols (acceptHeader of
 * https://github.com/prometheus/prometheus/blob/v3.15.0/scrape/scrape.go). Protobuf, which alone carries native histograms, is
 * not among them.
 */
export const SCRAPE_ACCEPT =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.7,application/openmetrics-text;version=0.0.1;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3';
