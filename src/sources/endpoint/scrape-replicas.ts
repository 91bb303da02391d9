import type { Exchange, MetricsActivity } from '../../core/endpoint-facts.ts';
import { parseExposition } from '../../prometheus/parse-exposition.ts';
import { processStart } from '../../prometheus/series.ts';

/** The most replicas that are told apart behind one address. */
const MAX_REPLICAS = 4;
/** So many scrapes in a row that show nobody new end the search. Some balancers take turns, others (kube-proxy) draw lots. */
const NOBODY_NEW = 4;
const MOST_SCRAPES_AGAIN = 9;

/** Must be sent over a connection of its own: a balancer of connections leads each to one replica for as long as it lives. */
type Scrape = () => Promise<Exchange>;

/**
 * Scrapes until nobody new answers any more; gives the last page of each process. Gives the first page alone where processes
 * do not say when they started, or where there are more than can be told apart.
 */
export async function scrapeEach(known: readonly Exchange[], scrape: Scrape): Promise<readonly Exchange[]> {
  const [first] = known as readonly [Exchange, ...Exchange[]];
  if (startOf(first) === undefined) return [first];
  const found = new Map(known.map((page) => [startOf(page), page]));
  for (let nobodyNew = 0; nobodyNew < NOBODY_NEW; ) {
    const page = await scrape();
    nobodyNew = found.has(startOf(page)) ? nobodyNew + 1 : 0;
    found.set(startOf(page), page);
    if (found.size > MAX_REPLICAS) return [first];
  }
  return [...found.values()];
}

export interface ScrapedAgain {
  /** Compares a page with one of another process where not everybody was found again, or somebody new was. */
  readonly activity: Pick<MetricsActivity, 'before' | 'after' | 'replicas'>;
  /** The last page of each process that answered where the activity is none of one set of processes; else undefined. */
  readonly others: readonly Exchange[] | undefined;
}

/** Scrapes every process of `before` again, and looks whether there is another. */
export async function scrapeAgain(before: readonly Exchange[], scrape: Scrape): Promise<ScrapedAgain> {
  const [first, ...more] = before as readonly [Exchange, ...Exchange[]];
  const found = new Map<number | undefined, Exchange>();
  let last = first;
  const isMissing = (page: Exchange) => !found.has(startOf(page));
  const known = new Set(before.map(startOf));
  // A page without a start says nothing of who answered, so that one is as good as nine.
  const least = startOf(first) === undefined ? 1 : NOBODY_NEW;
  for (let scrapes = 0; scrapes < least || (scrapes < MOST_SCRAPES_AGAIN && before.some(isMissing)); scrapes++) {
    last = await scrape();
    found.set(startOf(last), last);
    if (!known.has(startOf(last))) break;
  }
  const isWhole = !before.some(isMissing) && [...found.keys()].every((start) => known.has(start));
  if (!isWhole) {
    const pages = new Map([...before, ...found.values()].map((page) => [startOf(page), page]));
    return { activity: { before: first, after: last }, others: [...pages.values()] };
  }
  const pairOf = (page: Exchange) => ({ before: page, after: found.get(startOf(page)) as Exchange });
  return {
    activity: { ...pairOf(first), ...(more.length === 0 ? {} : { replicas: more.map(pairOf) }) },
    others: undefined,
  };
}

/** What tells one process from another. */
function startOf({ status, body, headers }: Exchange): number | undefined {
  const format = /openmetrics/.test(headers['content-type'] ?? '') ? 'openmetrics' : 'text';
  return status === 200 ? processStart(parseExposition(body, format)) : undefined;
}
