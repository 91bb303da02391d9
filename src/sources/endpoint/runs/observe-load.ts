import { percentilesOf } from '../../../core/percentiles.ts';
import type { LoadRun } from '../../../core/run-facts.ts';
import { RequestFailure } from '../../http/request-failure.ts';
import { defineEndpointFact, type EndpointView } from '../endpoint-fact.ts';
import type { Question } from '../observe-activity.ts';
import { scrape } from '../scrape.ts';
import { scrapeAgain, scrapeEach } from '../scrape-replicas.ts';
import { wordOf } from './ask-health.ts';
import type { LoadOptions } from './run-options.ts';
import { rest } from './timeline-recorder.ts';

/** More at once would measure this machine, and not the service. */
const MAX_OPEN = 64;

/** Sends requests when they are due, whatever became of those before: callers do not wait for each other either. */
export const loadFact = defineEndpointFact({
  fact: 'loadRun',
  isAsked: ({ runs }) => runs?.load !== undefined,
  observe: (view) => observeLoad(view, view.options.runs?.load as LoadOptions),
});

async function observeLoad(view: EndpointView, options: LoadOptions): Promise<LoadRun> {
  const { interruption: signal, target, live, ready, metrics } = view;
  const { timeoutMs } = view.options;
  const request = options.request ?? healthRequest(view);
  const planned = Math.max(1, Math.round((options.ratePerSecond * options.durationMs) / 1000));
  const sender = view.newClient({ timeoutMs, signal, requestLimit: planned, connections: MAX_OPEN });
  const scraper = view.newMetricsClient({ timeoutMs, signal });
  const page = metrics?.path;
  const again = () => scrape(scraper, page ?? '');
  try {
    const before = page === undefined ? undefined : await orNothing(async () => scrapeEach([await again()], again));
    const sent = await sendAll(request, { planned, ratePerSecond: options.ratePerSecond, sender, signal });
    const activity =
      before === undefined ? undefined : await orNothing(async () => (await scrapeAgain(before, again)).activity);
    if (signal.aborted) throw new RequestFailure('slow', `load on ${target.shown}`, 'the run was interrupted');
    return {
      request: `${request.method} ${target.shown}${request.path}`,
      isHealth: request.method === 'GET' && [live?.path, ready?.path].includes(request.path),
      ratePerSecond: options.ratePerSecond,
      durationMs: options.durationMs,
      planned,
      dropped: sent.dropped,
      latencyMs: percentilesOf(sent.latencies),
      serviceMs: percentilesOf(sent.serviceTimes),
      latestSentMs: Math.round(sent.latestSentMs),
      outcomes: Object.fromEntries(sent.outcomes),
      ...(activity === undefined ? {} : { metrics: activity }),
    };
  } finally {
    await Promise.all([sender.close(), scraper.close()]);
  }
}

function healthRequest({ ready, target }: EndpointView): Question {
  if (ready === undefined)
    throw new RequestFailure(
      'limit',
      `load on ${target.shown}`,
      'the readiness endpoint was not seen, and no other request was given',
    );
  return { method: 'GET', path: ready.path };
}

interface Sent {
  /** Milliseconds from when a request was due; of those that were answered, and of those that we gave up. */
  readonly latencies: number[];
  /** Milliseconds from when it was sent; of those that were answered. */
  readonly serviceTimes: number[];
  readonly outcomes: Map<string, number>;
  dropped: number;
  latestSentMs: number;
}

async function sendAll(
  { method, path, body, contentType = 'application/json' }: Question,
  plan: {
    readonly planned: number;
    readonly ratePerSecond: number;
    readonly sender: ReturnType<EndpointView['newClient']>;
    readonly signal: AbortSignal;
  },
): Promise<Sent> {
  const { planned, ratePerSecond, sender, signal } = plan;
  const sent: Sent = { latencies: [], serviceTimes: [], outcomes: new Map(), dropped: 0, latestSentMs: 0 };
  const headers = body === undefined ? {} : { 'content-type': contentType };
  const options = { headers, ...(body === undefined ? {} : { body }) };
  const open = new Set<Promise<void>>();
  const count = (outcome: string) => sent.outcomes.set(outcome, (sent.outcomes.get(outcome) ?? 0) + 1);
  const send = async (dueMs: number) => {
    try {
      const { status, durationMs } = await sender.exchange(method, path, options);
      sent.latencies.push(performance.now() - dueMs);
      sent.serviceTimes.push(durationMs);
      count(status < 400 ? '2xx' : String(status));
    } catch (error) {
      const word = wordOf(error);
      // It took at least so long; without it the slowest would make the figures better.
      if (word === 'too slow') sent.latencies.push(performance.now() - dueMs);
      count(word);
    }
  };
  const started = performance.now();
  for (let nth = 0; nth < planned && !signal.aborted; nth++) {
    const dueMs = started + (nth * 1000) / ratePerSecond;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await rest(earlyMs, signal);
    sent.latestSentMs = Math.max(sent.latestSentMs, performance.now() - dueMs);
    if (open.size >= MAX_OPEN) {
      sent.dropped++;
      continue;
    }
    const one: Promise<void> = send(dueMs).finally(() => open.delete(one));
    open.add(one);
  }
  await Promise.all(open);
  return sent;
}

/** The load can be judged without the page. */
async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RequestFailure) return undefined;
    throw error;
  }
}
