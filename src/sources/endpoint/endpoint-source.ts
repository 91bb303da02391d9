import { randomBytes } from 'node:crypto';
import type { EdgeFacts } from '../../core/edge-facts.ts';
import type { EndpointFacts, HealthExchanges, SentRequest } from '../../core/endpoint-facts.ts';
import { reasonOf } from '../../core/errors.ts';
import type { ChosenEndpoint, FactName, Facts, NotSeen, Observed, Snapshot, Source } from '../../core/facts.ts';
import type { OwnRequests } from '../../core/log-facts.ts';
import { type Client, createClient } from '../http/client.ts';
import { RequestFailure, unreachableError } from '../http/request-failure.ts';
import { parseTarget, type Target } from '../http/target.ts';
import { describeEndpoints } from './describe-endpoints.ts';
import type { EndpointOptions, EndpointView } from './endpoint-fact.ts';
import { COMMON_PATHS, type FoundEndpoint, findEndpoint } from './find-endpoint.ts';
import { FURTHER_FACTS } from './further-facts.ts';
import { ask, askForUnknown, sendOddMethod } from './observe-activity.ts';
import { observeEdge } from './observe-edge.ts';
import { observeHealth } from './observe-health.ts';
import { readLogs } from './read-logs.ts';
import { saidNo } from './runs/observe-outage.ts';
import { complete, SCRAPE, scrape } from './scrape.ts';
import { scrapeAgain, scrapeEach } from './scrape-replicas.ts';
import { silentEndpoint, unansweredBy } from './silence.ts';

export const ENDPOINT_FACTS: readonly FactName[] = [
  'liveEndpoint',
  'readyEndpoint',
  'metricsEndpoint',
  'metricsActivity',
  'errorAnswers',
  'edgeHandshakes',
  'logs',
  ...FURTHER_FACTS.map(({ fact }) => fact),
];

/**
 * Observes a running service from outside, with at most 50 requests and within `deadlineMs`; what is done to it on purpose has
 * bounds of its own. Throws UserError at once for a URL that cannot or may not be asked, and from `collect` where not even the
 * first request reaches a server.
 */
export function endpointSource(options: EndpointOptions): Source {
  const parsed = parseTarget(options.url);
  const target = { ...parsed, shown: options.shown ?? parsed.shown };
  const metricsTarget = options.metricsUrl === undefined ? undefined : parseTarget(options.metricsUrl);
  return {
    name: 'endpoint',
    provides: ENDPOINT_FACTS,
    async collect(wanted, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(options.deadlineMs)]);
      const trace = options.headers?.traceparent;
      const traceId = /^00-([0-9a-f]{32})-/.exec(trace ?? '')?.[1] ?? randomBytes(16).toString('hex');
      const shared = {
        insecure: options.insecure ?? false,
        ca: options.ca,
        resolve: options.resolve,
        http2: options.http2,
        traceId,
      };
      const ownHeaders = options.headers ?? {};
      const newClient: EndpointView['newClient'] = (bounds) =>
        createClient({ ...shared, target, headers: ownHeaders, ...bounds });
      const bounds = { timeoutMs: options.timeoutMs, budget: { sent: 0 }, signal: limit };
      const client = newClient(bounds);
      const newMetricsClient: EndpointView['newMetricsClient'] = (own) =>
        metricsTarget === undefined
          ? newClient(own)
          : createClient({
              ...shared,
              ...own,
              target: metricsTarget,
              headers: metricsTarget.origin === target.origin ? ownHeaders : {},
            });
      const metricsClient = metricsTarget === undefined ? client : newMetricsClient(bounds);
      const started = performance.now();
      try {
        const clients = { client, metricsClient, newClient, newMetricsClient, traceId };
        const snapshot = await collect(options, target, clients, wanted, { signal: limit, interruption: signal });
        return { ...snapshot, tookMs: Math.round(performance.now() - started) };
      } finally {
        await Promise.all([client.close(), metricsClient.close()]);
      }
    },
  };
}

async function collect(
  options: EndpointOptions,
  target: Target,
  {
    client,
    metricsClient,
    newClient,
    newMetricsClient,
    traceId,
  }: Pick<EndpointView, 'client' | 'metricsClient' | 'newClient' | 'newMetricsClient'> & Pick<OwnRequests, 'traceId'>,
  wanted: ReadonlySet<FactName>,
  { signal, interruption }: Pick<EndpointView, 'signal' | 'interruption'>,
): Promise<Snapshot> {
  let facts: Snapshot['facts'] = {};
  const notSeen: NotSeen[] = [];
  const keep = <K extends keyof (EndpointFacts & EdgeFacts)>(name: K, observed: Observed<Facts[K]>): void => {
    facts = { ...facts, [name]: observed };
  };
  const failures: RequestFailure[] = [];
  const observe = async <T>(work: () => Promise<T>): Promise<Observed<T>> => {
    try {
      return { seen: true, value: await work() };
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      failures.push(error);
      if (!notSeen.some((each) => each.what === error.request && each.reason === error.reason))
        notSeen.push({ what: error.request, reason: error.reason });
      return { seen: false, reason: error.message };
    }
  };
  const common = (options.discover ?? true) ? COMMON_PATHS : { live: [], ready: [], metrics: [] };
  const sent: SentRequest[] = [];
  const asksHttp = [...wanted].some((name) => name !== 'logs' && name !== 'edgeHandshakes');

  let first: Observed<FoundEndpoint> | undefined;
  let chosen: readonly ChosenEndpoint[] = [];
  if (asksHttp || wanted.has('edgeHandshakes')) {
    first = await observe(() => firstContact(client, target, options, common.live, wanted.has('edgeHandshakes')));
    if (wanted.has('edgeHandshakes'))
      keep(
        'edgeHandshakes',
        await observe(() => observeEdge(options, target, first?.seen === true ? first.value : undefined, signal)),
      );
  }
  if (asksHttp) {
    const ready = await observe(() => findEndpoint(client, options.paths.ready, common.ready));
    const metrics = await observe(() =>
      options.metricsUrl === undefined
        ? scrapeFirst(client, options.paths.metrics, common.metrics)
        : scrapeFirst(metricsClient, '', []),
    );
    const again = () => scrape(metricsClient, metrics.seen ? metrics.value.path : '');
    const pages = metrics.seen ? await observe(() => scrapeEach([metrics.value.exchange], again)) : metrics;
    keep('metricsEndpoint', metrics.seen ? { seen: true, value: metrics.value.exchange } : metrics);
    const patience = { timeoutMs: options.timeoutMs, signal };
    const observeOne = async (
      found: Observed<FoundEndpoint>,
      declared: string,
      othersAnswer: boolean,
    ): Promise<Observed<HealthExchanges>> => {
      if (found.seen) return observe(() => observeHealth(client, found.value, sent, patience));
      const unanswered = unansweredBy(
        failures.find(({ message }) => message === found.reason),
        patience,
      );
      if (unanswered === undefined || !othersAnswer) return found;
      return { seen: true, value: silentEndpoint(declared, unanswered) };
    };
    const live = first ?? asNotSeen(undefined);
    keep('liveEndpoint', await observeOne(live, options.paths.live, ready.seen || metrics.seen));
    keep('readyEndpoint', await observeOne(ready, options.paths.ready, live.seen || metrics.seen));
    const beActive = async (sent: SentRequest[]) => {
      const refused = await askForUnknown(client, sent);
      await sendOddMethod(client, sent);
      return options.ask === undefined ? refused : [...refused, ...(await ask(client, options.ask, sent))];
    };
    keep('errorAnswers', await observe(() => beActive(sent)));
    const answers = facts.errorAnswers;
    if (!metrics.seen || !pages.seen) keep('metricsActivity', asNotSeen(pages));
    else if (answers?.seen !== true) keep('metricsActivity', asNotSeen(answers));
    else
      keep(
        'metricsActivity',
        await observe(async () => {
          const { activity, others } = await scrapeAgain(pages.value, again);
          const known = others === undefined ? [] : await scrapeEach(others, again);
          if (others === undefined || known.length < others.length) return { ...activity, sent };
          // The requests may have gone to somebody who was not known before them, and is now.
          const second: SentRequest[] = [];
          await beActive(second);
          return { ...(await scrapeAgain(known, again)).activity, sent: second };
        }),
      );
    const view: EndpointView = {
      options,
      target,
      client,
      metricsClient,
      live: foundBy(first),
      ready: foundBy(ready),
      metrics: foundBy(metrics),
      signal,
      interruption,
      newClient,
      newMetricsClient,
    };
    chosen = describeEndpoints(view);
    for (const { fact, isAsked, observe: look } of FURTHER_FACTS)
      if (wanted.has(fact) && (isAsked?.(options) ?? true)) keep(fact, (await observe(() => look(view))) as never);
    const { outageRun, readyEndpoint } = facts;
    if (outageRun?.seen === true && readyEndpoint?.seen === true)
      keep('readyEndpoint', {
        seen: true,
        value: { ...readyEndpoint.value, turnedWithOutage: saidNo(outageRun.value) },
      });
  }
  const kept: Snapshot['facts'] = Object.fromEntries(
    Object.entries(facts).filter(([name]) => wanted.has(name as FactName)),
  );
  const unmatched = sent.filter(({ kind }) => kind === 'unmatched-path').map(({ path }) => path);
  const own = asksHttp ? { traceId, paths: unmatched } : undefined;
  const logs = wanted.has('logs') ? { logs: await observeLogs(options, own, notSeen) } : {};
  return {
    source: 'endpoint',
    target: target.shown,
    facts: { ...kept, ...logs },
    notSeen,
    ...(chosen.length === 0 ? {} : { endpoints: chosen }),
  };
}

/** The first request decides whether there is a server at all. A bad certificate is evidence where the handshake is judged. */
async function firstContact(
  client: Client,
  target: Target,
  options: EndpointOptions,
  common: readonly string[],
  judgesHandshake: boolean,
): Promise<FoundEndpoint> {
  try {
    return await findEndpoint(client, options.paths.live, common);
  } catch (error) {
    if (
      error instanceof RequestFailure &&
      (error.kind === 'unreachable' || (error.kind === 'certificate' && !judgesHandshake))
    )
      throw unreachableError(error, target.shown);
    throw error;
  }
}

async function scrapeFirst(client: Client, declared: string, common: readonly string[]): Promise<FoundEndpoint> {
  const found = await findEndpoint(client, declared, common, SCRAPE);
  return { ...found, exchange: complete(found.exchange) };
}

async function observeLogs(
  { logs: capture }: EndpointOptions,
  own: OwnRequests | undefined,
  notSeen: NotSeen[],
): Promise<Observed<Facts['logs']>> {
  if (capture === undefined)
    return { seen: false, reason: 'no log file was given; capture the lines and pass them with --logs FILE' };
  try {
    return { seen: true, value: await readLogs(capture, own) };
  } catch (error) {
    notSeen.push({ what: capture.name, reason: reasonOf(error), unusable: true });
    return { seen: false, reason: `${capture.name}: ${reasonOf(error)}` };
  }
}

function foundBy(observed: Observed<FoundEndpoint> | undefined): FoundEndpoint | undefined {
  return observed?.seen === true ? observed.value : undefined;
}

function asNotSeen(observed: Observed<unknown> | undefined): Observed<never> {
  return { seen: false, reason: observed?.seen === false ? observed.reason : 'the first request was not answered' };
}
