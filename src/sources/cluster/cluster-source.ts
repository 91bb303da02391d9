import { reasonOf, UserError } from '../../core/errors.ts';
import type { FactName, NotSeen, Observed, Snapshot, Source } from '../../core/facts.ts';
import { formatPath } from '../../core/location.ts';
import type { KindFacts, KubernetesObject } from '../../core/objects.ts';
import { type Resource, refOf } from '../../core/resource.ts';
import { KIND_FACTS, KINDS } from '../../kubernetes/kinds.ts';
import { shapeOfSecret } from '../secret-shape.ts';
import { type Api, ApiError, connect } from './api.ts';
import { type ClusterAccess, loadAccess } from './kubeconfig.ts';
import { type Listing, listKind } from './list.ts';
import type { LiveView } from './live-fact.ts';
import { LIVE_FACTS } from './live-facts.ts';

export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** The context's own namespace where none is given. */
  readonly namespaces: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told after each kind, for a person who waits. */
  readonly progress?: (message: string) => void;
}

const PROVIDES: readonly FactName[] = [...KIND_FACTS, ...LIVE_FACTS.map(({ fact }) => fact)];

/** The source that reads a live cluster: get and list only, and only the kinds that are wanted. */
export function clusterSource(options: ClusterOptions): Source {
  return {
    name: 'cluster',
    provides: PROVIDES,
    async collect(wanted, signal) {
      const access = await loadAccess(options, options.env);
      const api = await connect(access, signal);
      try {
        await greet(api, access);
        return await observe(api, access, wanted, options, signal);
      } finally {
        api.close();
      }
    },
  };
}

/** The first request decides whether there is anything to observe at all. */
async function greet(api: Api, { server, contextName }: ClusterAccess): Promise<void> {
  try {
    await api.json('/version');
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 403) return;
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
  wanted: ReadonlySet<FactName>,
  { namespaces, progress }: ClusterOptions,
  signal: AbortSignal,
): Promise<Snapshot> {
  const scope = namespaces.length === 0 ? [access.namespace] : namespaces;
  const live = LIVE_FACTS.filter(({ fact }) => wanted.has(fact));
  const kinds = KIND_FACTS.filter((fact) => wanted.has(fact) || live.some(({ from }) => from.includes(fact)));
  const listed = new Map(
    await Promise.all(
      kinds.map(async (fact) => {
        const observed = await observeKind(api, fact, scope);
        progress?.(`${fact}: ${observed.seen ? observed.value.length : observed.reason}`);
        return [fact, observed] as const;
      }),
    ),
  );
  const facts: Partial<Record<FactName, Observed<unknown>>> = {};
  for (const [fact, observed] of listed)
    if (wanted.has(fact)) facts[fact] = fact === 'barePods' ? bareOnly(observed) : observed;
  const view: LiveView = { api, namespaces: scope, listed, signal };
  const looks = await Promise.all(live.map(async ({ fact, observe: look }) => [fact, await look(view)] as const));
  for (const [fact, observed] of looks) facts[fact] = observed;
  const notSeen: NotSeen[] = [];
  for (const [name, observed] of Object.entries(facts))
    if (!observed.seen) notSeen.push({ what: name, reason: observed.reason });
    else if (observed.incomplete !== undefined)
      notSeen.push({ what: `a part of ${name}`, reason: observed.incomplete });
  return {
    source: 'cluster',
    target: `context ${access.contextName}, namespace ${scope.join(', ')}`,
    facts: facts as Snapshot['facts'],
    notSeen,
  };
}

async function observeKind(
  api: Api,
  fact: keyof KindFacts,
  namespaces: readonly string[],
): Promise<Observed<readonly Resource[]>> {
  const resources: Resource[] = [];
  const gaps: string[] = [];
  for (const kind of KINDS.filter((row) => row.fact === fact)) {
    let listing: Listing;
    try {
      listing = await listKind(api, kind, namespaces);
    } catch (error) {
      gaps.push(reasonOf(error));
      continue;
    }
    resources.push(...listing.objects.map(toResource));
    if (listing.incomplete !== undefined) gaps.push(listing.incomplete);
  }
  const reason = gaps.join('; ');
  if (gaps.length > 0 && resources.length === 0) return { seen: false, reason };
  return { seen: true, value: resources, ...(gaps.length === 0 ? {} : { incomplete: reason }) };
}

function toResource(object: KubernetesObject): Resource {
  const shaped = object.kind === 'Secret' ? shapeOfSecret(object) : object;
  const ref = refOf(shaped);
  return { object: shaped, ref, locate: (path) => ({ object: ref, path: formatPath(path) }) };
}

function bareOnly(observed: Observed<readonly Resource[]>): Observed<readonly Resource[]> {
  if (!observed.seen) return observed;
  return {
    ...observed,
    value: observed.value.filter(({ object }) => (object.metadata?.ownerReferences ?? []).length === 0),
  };
}
