import { UserError } from '../../core/errors.ts';
import type { FactName, NotSeen, Observed, Snapshot, Source } from '../../core/facts.ts';
import type { KindFacts } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { KIND_FACTS } from '../../kubernetes/kinds.ts';
import type { Declarations } from '../files/declarations.ts';
import { createKeyedHash, type KeyedHash } from '../keyed-hash.ts';
import { redactSnapshot } from '../redact-snapshot.ts';
import { type Api, connect, DEFAULT_TIMEOUT_MS } from './api.ts';
import { ApiError } from './api-error.ts';
import { addOnsOf, type Discovery, discover } from './discovery.ts';
import { type AccessOptions, type ClusterAccess, loadAccess } from './kubeconfig.ts';
import type { Namespaces } from './list.ts';
import { DEFAULT_LIVE_OPTIONS, type Listed, type LiveOptions, type LiveView } from './live-fact.ts';
import { LIVE_FACTS } from './live-facts.ts';
import { observeKind } from './observe-kind.ts';

export interface ClusterOptions extends AccessOptions {
  /** The context's own namespace where the list is empty. */
  readonly namespaces: Namespaces;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For one request. */
  readonly timeoutMs?: number;
  /** For all of them together; what was not seen by then is told so. */
  readonly deadlineMs?: number;
  readonly live?: Partial<LiveOptions>;
  /** Files that say what should be there; needed for `drift` alone. */
  readonly against?: Declarations;
  /** Told after each fact, for a person who waits. */
  readonly progress?: (step: ProgressStep) => void;
}

/** One fact that was observed, or not. */
export interface ProgressStep {
  readonly fact: FactName;
  /** It is a list of objects of its own, and no other view of them. */
  readonly isList: boolean;
  /** How many things it holds; absent where it was not seen. */
  readonly objects?: number;
  /** Why it was not seen. */
  readonly reason?: string;
  /** Since the observation of this fact began. */
  readonly milliseconds: number;
  /** That were sent to the cluster until now, for this fact and all others. */
  readonly requests: number;
}

/** All that a cluster can tell. */
export const CLUSTER_FACTS: readonly FactName[] = [...KIND_FACTS, ...LIVE_FACTS.map(({ fact }) => fact)];

/** Those that a run observes only where an option asks for them. */
export const FACTS_ON_REQUEST: ReadonlySet<FactName> = new Set(
  LIVE_FACTS.filter(({ onRequest }) => onRequest).map(({ fact }) => fact),
);

/** The source that reads a live cluster: get and list only, and dry runs for `drift`; only the kinds that are wanted. */
export function clusterSource(options: ClusterOptions): Source {
  const { deadlineMs } = options;
  return {
    name: 'cluster',
    provides: CLUSTER_FACTS,
    async collect(wanted, signal) {
      const deadline = endOf(deadlineMs);
      let session: ClusterSession | undefined;
      try {
        session = await openCluster(
          options,
          deadline === undefined ? signal : AbortSignal.any([signal, deadline.signal]),
        );
        return (await session.observe(wanted)).snapshot;
      } finally {
        deadline?.clear();
        session?.close();
      }
    },
  };
}

/** A cluster that was greeted, and can be observed more than once. */
export interface ClusterSession {
  readonly api: Api;
  readonly discovery: Discovery;
  readonly namespaces: Namespaces;
  readonly hash: KeyedHash;
  /** Observes the wanted facts, and asks for nothing that is known. */
  observe(wanted: ReadonlySet<FactName>, known?: Known): Promise<Observation>;
  close(): void;
}

/** What need not be asked for. */
export interface Known {
  readonly listed: Listed;
  readonly facts: Snapshot['facts'];
}

export interface Observation {
  readonly snapshot: Snapshot;
  /** The objects as the server gave them, of every kind that was needed. */
  readonly listed: Listed;
}

/** Finds the way to a cluster and greets it, for as long as the signal lasts. Throws UserError where nothing can be observed at all. */
export async function openCluster(options: ClusterOptions, signal: AbortSignal): Promise<ClusterSession> {
  const { namespaces, timeoutMs = DEFAULT_TIMEOUT_MS, env } = options;
  const access = await loadAccess(options, env);
  const api = await connect(access, { timeoutMs, signal });
  try {
    const session = {
      api,
      discovery: await greet(api, access),
      namespaces: namespaces.length === 0 ? [access.namespace] : namespaces,
      hash: createKeyedHash(env.QNA_READY_HASH_KEY || undefined),
    };
    return {
      ...session,
      observe: (wanted, known = { listed: new Map(), facts: {} }) =>
        observe({ ...session, access, options, signal }, wanted, known),
      close: api.close,
    };
  } catch (error) {
    api.close();
    throw error;
  }
}

/** A signal whose reason reads well in a sentence. */
function endOf(deadlineMs: number | undefined) {
  if (deadlineMs === undefined) return undefined;
  const controller = new AbortController();
  const late = new Error(`the deadline of ${deadlineMs / 1000} s for the whole run was over`);
  const timer = setTimeout(() => controller.abort(late), deadlineMs);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** The first requests decide whether there is anything to observe at all. */
async function greet(api: Api, { server, contextName }: ClusterAccess): Promise<Discovery> {
  try {
    return await discover(api);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401)
      throw new UserError(
        `The API server ${server} does not accept the credentials of context ${contextName}: ${error.message}.`,
        {
          hint: 'The token or certificate may have expired; log in again, or choose another with --context.',
          cause: error,
        },
      );
    throw new UserError(`The API server ${server} cannot be used: ${error.message}.`, {
      hint: `Check the address and your network, or choose another context than ${contextName} with --context.`,
      cause: error,
    });
  }
}

interface Way extends Omit<ClusterSession, 'observe' | 'close'> {
  readonly access: ClusterAccess;
  readonly options: Pick<ClusterOptions, 'kubeconfig' | 'context' | 'progress' | 'against' | 'live'>;
  readonly signal: AbortSignal;
}

async function observe(
  { api, access, discovery, namespaces: scope, hash, options, signal }: Way,
  wanted: ReadonlySet<FactName>,
  known: Known,
): Promise<Observation> {
  const { kubeconfig, context, progress, against, live: choice } = options;
  const home = scope === 'all' ? access.namespace : (scope[0] ?? access.namespace);
  const declared = wanted.has('drift')
    ? await against?.read(hash, { namespace: home, version: discovery.version })
    : undefined;
  const live = LIVE_FACTS.filter(({ fact }) => wanted.has(fact));
  const kinds = KIND_FACTS.filter(
    (fact) => wanted.has(fact) || live.some(({ from, enrichedBy = [] }) => [...from, ...enrichedBy].includes(fact)),
  );
  const told = async <T extends Observed<unknown>>(fact: FactName, look: () => Promise<T>): Promise<T> => {
    const startedMs = performance.now();
    const observed = await look();
    progress?.({
      fact,
      isList: kinds.some((kind) => kind === fact),
      ...(observed.seen
        ? { objects: Array.isArray(observed.value) ? observed.value.length : 1 }
        : { reason: observed.reason }),
      milliseconds: performance.now() - startedMs,
      requests: api.requests,
    });
    return observed;
  };
  const listed = new Map(
    await Promise.all(
      kinds.map(async (fact) => {
        const kept = known.listed.get(fact);
        if (kept !== undefined) return [fact, kept] as const;
        const observed = await told(fact as FactName, () => observeKind(api, discovery, fact, scope, hash));
        return [fact, observed] as const;
      }),
    ),
  );
  const facts: Partial<Record<FactName, Observed<unknown>>> = {};
  for (const [fact, observed] of listed)
    if (wanted.has(fact)) facts[fact] = fact === 'barePods' ? bareOnly(observed) : observed;
  const view: LiveView = {
    api,
    server: access.server,
    signal,
    options: { ...DEFAULT_LIVE_OPTIONS, ...choice },
    namespaces: scope,
    listed,
    hash,
    home,
    ...(declared === undefined ? {} : { declared }),
  };
  const looks = await Promise.all(
    live.map(
      async ({ fact, observe: look }) => [fact, known.facts[fact] ?? (await told(fact, () => look(view)))] as const,
    ),
  );
  for (const [fact, observed] of looks) facts[fact] = observed;
  const snapshot = redactSnapshot({
    source: 'cluster',
    target: `context ${access.contextName}, ${scope === 'all' ? 'all namespaces' : `namespace ${scope.join(', ')}`}`,
    facts: facts as Snapshot['facts'],
    notSeen: [...notSeenOf(facts), ...(declared?.notSeen ?? []).filter(({ unusable }) => unusable)],
    reach: {
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
      namespaces: scope,
    },
    detected: {
      ...(discovery.version === undefined ? {} : { version: discovery.version }),
      addOns: addOnsOf(discovery),
    },
  });
  return { snapshot, listed };
}

function notSeenOf(facts: Readonly<Partial<Record<FactName, Observed<unknown>>>>): readonly NotSeen[] {
  return Object.entries(facts).flatMap(([name, observed]): readonly NotSeen[] => {
    if (!observed.seen) return [{ what: name, reason: observed.reason }];
    return observed.incomplete === undefined ? [] : [{ what: `a part of ${name}`, reason: observed.incomplete }];
  });
}

function bareOnly(observed: Observed<readonly Resource<KindFacts['barePods']>[]>): typeof observed {
  if (!observed.seen) return observed;
  return {
    ...observed,
    value: observed.value.filter(({ object }) => (object.metadata?.ownerReferences ?? []).length === 0),
  };
}
