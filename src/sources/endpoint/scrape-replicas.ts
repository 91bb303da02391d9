import type { Exchange, MetricsActivity } from '../../core/endpoint-facts.ts';
import { parseExposition } from '../../prometheus/parse-exposition.ts';
import { processStart } from '../../prometheus/series.ts';

/** The most replicas that are told apart behind one address, and the scrapes to find each of them again. */
const MAX_REPLICAS = 4;

type Scrape = () => Promise<Exchange>;

/**
 * Scrapes until a process answers that is known already: a balancer that takes turns has then shown all of them. Gives the
 * first page alone where there are more than can be told apart.
 */
export async function scrapeEach(first: Exchange, scrape: Scrape): Promise<readonly Exchange[]> {
  if (startOf(first) === undefined) return [first];
  const pages = [first];
  while (pages.length <= MAX_REPLICAS) {
    const next = await scrape();
    if (pages.some((page) => startOf(page) === startOf(next))) return pages;
    pages.push(next);
  }
  return [first];
}

/** Scrapes every process of `before` again; gives the last page as it is where one of them does not come back. */
export async function scrapeAgain(
  before: readonly Exchange[],
  scrape: Scrape,
): Promise<Pick<MetricsActivity, 'before' | 'after' | 'replicas'>> {
  const found = new Map<number | undefined, Exchange>();
  const [first] = before as readonly [Exchange, ...Exchange[]];
  let last = await scrape();
  found.set(startOf(last), last);
  const isMissing = (page: Exchange) => !found.has(startOf(page));
  for (let more = 2 * before.length; more > 0 && before.length > 1 && before.some(isMissing); more--) {
    last = await scrape();
    found.set(startOf(last), last);
  }
  if (before.some(isMissing)) return { before: first, after: last };
  const [pair, ...others] = before.map((page) => ({ before: page, after: found.get(startOf(page)) as Exchange }));
  return { ...(pair as NonNullable<typeof pair>), ...(others.length === 0 ? {} : { replicas: others }) };
}

/** What tells one process from another. */
function startOf({ status, body, headers }: Exchange): number | undefined {
  const format = /openmetrics/.test(headers['content-type'] ?? '') ? 'openmetrics' : 'text';
  return status === 200 ? processStart(parseExposition(body, format)) : undefined;
}
