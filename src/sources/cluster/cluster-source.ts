import { UserError } from '../../core/errors.ts';
import type { FactName, NotSeen, Observed, Snapshot, Source } from '../../core/facts.ts';
import type { KindFacts } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { KIND_FACTS } from '../../kubernetes/kinds.ts';
import { createKeyedHash } from '../keyed-hash.ts';
import { type Api, connect, DEFAULT_TIMEOUT_MS } from './api.ts';
import { ApiError } from './api-error.ts';
import { addOnsOf, type Discovery, discover } from './discovery.ts';
import { type AccessOptions, type ClusterAccess, loadAccess } from './kubeconfig.ts';
import type { Namespaces } from './list.ts';
import { DEFAULT_LIVE_OPTIONS, type LiveOptions, type LiveView } from './live-fact.ts';
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
  /** Told after each kind, for a person who waits. */
  readonly progress?: (message: string) => void;
}

/** All that a cluster can tell. */
export const CLUSTER_FACTS: readonly FactName[] = [...KIND_FACTS, ...LIVE_FACTS.map(({ fact }) => fact)];

/** The source that reads a live cluster: get and list only, and only the kinds that are wanted. */
export function clusterSource(options: ClusterOptions): Source {
  const { deadlineMs, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return {
    name: 'cluster',
    provides: CLUSTER_FACTS,
    async collect(wanted, signal) {
      const access = await loadAccess(options, options.env);
      const deadline = endOf(deadlineMs);
      const end = deadline === undefined ? signal : AbortSignal.any([signal, deadline.signal]);
      const api = await connect(access, { timeoutMs, signal: end });
      try {
        return await observe(api, access, await greet(api, access), wanted, options, end);
      } finally {
        deadline?.clear();
        api.close();
      }
    },
  };
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

async function observe(
  api: Api,
  access: ClusterAccess,
  discovery: Discovery,
  wanted: ReadonlySet<FactName>,
  { namespaces, progress, env, live: choice }: ClusterOptions,
  signal: AbortSignal,
): Promise<Snapshot> {
  const scope = namespaces.length === 0 ? [access.namespace] : namespaces;
  const hash = createKeyedHash(env.QNA_READY_HASH_KEY || undefined);
  const live = LIVE_FACTS.filter(({ fact }) => wanted.has(fact));
  const kinds = KIND_FACTS.filter((fact) => wanted.has(fact) || live.some(({ from }) => from.includes(fact)));
  const listed = new Map(
    await Promise.all(
      kinds.map(async (fact) => {
        const observed = await observeKind(api, discovery, fact, scope, hash);
        progress?.(`${fact}: ${observed.seen ? observed.value.length : observed.reason}`);
        return [fact, observed] as const;
      }),
    ),
  );
  const facts: Partial<Record<FactName, Observed<unknown>>> = {};
  for (const [fact, observed] of listed)
    if (wanted.has(fact)) facts[fact] = fact === 'barePods' ? bareOnly(observed) : observed;
  const options = { ...DEFAULT_LIVE_OPTIONS, ...choice };
  const view: LiveView = { api, server: access.server, namespaces: scope, listed, options, signal };
  const looks = await Promise.all(live.map(async ({ fact, observe: look }) => [fact, await look(view)] as const));
  for (const [fact, observed] of looks) facts[fact] = observed;
  return {
    source: 'cluster',
    target: `context ${access.contextName}, ${scope === 'all' ? 'all namespaces' : `namespace ${scope.join(', ')}`}`,
    facts: facts as Snapshot['facts'],
    notSeen: notSeenOf(facts),
    detected: {
      ...(discovery.version === undefined ? {} : { version: discovery.version }),
      addOns: addOnsOf(discovery),
    },
  };
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
