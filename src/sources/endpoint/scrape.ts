import type { Exchange } from '../../core/endpoint-facts.ts';
import type { Client } from '../http/client.ts';
import { RequestFailure } from '../http/request-failure.ts';
import { SCRAPE_ACCEPT } from '../http/scrape-accept.ts';

const METRICS_LIMIT = 16 * 1024 * 1024;

export const SCRAPE = {
  headers: {
    accept: SCRAPE_ACCEPT,
    'accept-encoding': 'gzip',
  },
  maxBytes: METRICS_LIMIT,
};

/** Scrapes a page over a connection of its own; throws RequestFailure where it did not come whole. */
export async function scrape(client: Client, path: string): Promise<Exchange> {
  return complete(await client.exchange('GET', path, { ...SCRAPE, lastOnConnection: true }));
}

/** Half a page would be judged wrongly. */
export function complete(page: Exchange): Exchange {
  if (page.truncated)
    throw new RequestFailure('limit', page.request, `the page is larger than ${METRICS_LIMIT >> 20} MiB`);
  return page;
}
