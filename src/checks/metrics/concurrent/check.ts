import { defineCheck } from '../../../core/check.ts';
import type { Exposition } from '../../../prometheus/exposition.ts';
import { accumulating, processStart } from '../../../prometheus/series.ts';
import { noPage, readPage } from '../page.ts';

export const metricsConcurrentCheck = defineCheck({
  id: 'metrics/concurrent',
  title: 'Scrapes at the same time get the same page',
  severity: 'error',
  why: 'Two Prometheus servers and an agent scrape the same pods and do not take turns. A page that is built in a shared buffer, or from collectors that empty themselves, gives each of them a part of the truth, and nobody sees which.',
  how: 'The page is scraped three times at once. Each scrape must be answered with 200 and a page without a fault that Prometheus refuses, and all of them must hold the same series that only rise; what one of them lacks is named. Pages of different processes, told apart by process_start_time_seconds, are not compared.',
  fix: 'Let each scrape render the registry by itself, and let no collector reset what it tells.',
  verify: 'Run for i in 1 2 3; do curl -s http://HOST/metrics | wc -l & done; wait, and compare the numbers.',
  references: ['https://prometheus.io/docs/instrumenting/writing_exporters/#scheduling'],
  needs: ['concurrentScrapes'],
  evaluate: ({ concurrentScrapes }) => {
    const [first] = concurrentScrapes;
    if (first === undefined) return [];
    const about = { subject: 'scrapes at the same time', where: { request: first.request } };
    const refused = concurrentScrapes.find(({ status }) => status !== 200);
    const pages = concurrentScrapes.map(readPage).filter((page) => page !== undefined);
    // A service without a page at all is the business of metrics/scrape.
    if (concurrentScrapes.every(({ status }) => status !== 200)) return noPage(first);
    if (refused !== undefined || pages.length < concurrentScrapes.length)
      return [
        {
          ...about,
          outcome: 'fail',
          message: 'One of several scrapes at the same time got no page.',
          observed: `status ${concurrentScrapes.map(({ status }) => status).join(', ')}`,
          expected: 'a page for each of them',
        },
      ];
    if (new Set(pages.map(processStart)).size > 1)
      return [
        {
          ...about,
          outcome: 'not-applicable',
          message: 'Several processes answered, and their pages are not the same.',
          observed: 'process_start_time_seconds differs',
        },
      ];
    const missing = missingSeries(pages);
    const observed = pages.map(({ sampleCount }) => `${sampleCount} samples`).join(', ');
    if (missing.length > 0)
      return [
        {
          ...about,
          outcome: 'fail',
          message: `Scrapes at the same time differ: ${missing.slice(0, 5).join(', ')} ${missing.length === 1 ? 'is' : 'are'} not on each page.`,
          observed,
          expected: 'the same series on each page',
        },
      ];
    return [{ ...about, outcome: 'pass', message: 'Scrapes at the same time get the same series.', observed }];
  },
});

/** The names of series that only rise and are not on every page. */
function missingSeries(pages: readonly Exposition[]): readonly string[] {
  const maps = pages.map(accumulating);
  const names = maps.flatMap((map) =>
    [...map].filter(([key]) => maps.some((other) => !other.has(key))).map(([, { name }]) => name),
  );
  return [...new Set(names)].sort();
}
