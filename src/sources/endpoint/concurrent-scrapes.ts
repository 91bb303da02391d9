import { RequestFailure } from '../http/request-failure.ts';
import { defineEndpointFact } from './endpoint-fact.ts';
import { scrape } from './scrape.ts';

/** As many as scrape a service that two Prometheus servers and a person look at. */
const AT_ONCE = 3;

/** Prometheus servers come in pairs, and nobody tells them to take turns. */
export const concurrentScrapesFact = defineEndpointFact({
  fact: 'concurrentScrapes',
  async observe({ metrics, newMetricsClient, options, target, signal }) {
    if (metrics === undefined) throw new RequestFailure('limit', target.shown, 'no page of metrics was found');
    const client = newMetricsClient({ timeoutMs: options.timeoutMs, signal, connections: AT_ONCE });
    try {
      return await Promise.all(Array.from({ length: AT_ONCE }, () => scrape(client, metrics.path)));
    } finally {
      await client.close();
    }
  },
});
