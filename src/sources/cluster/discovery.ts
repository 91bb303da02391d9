import { reasonOf } from '../../core/errors.ts';
import type { Kind } from '../../kubernetes/kinds.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';

/** What the server says that it serves. */
export interface Discovery {
  /** As the server tells it: `v1.37.2`. */
  readonly version: string | undefined;
  /** By name, the core group left out; undefined where the server would not tell. */
  readonly groups: ReadonlyMap<string, readonly ServedVersion[]> | undefined;
}

interface ServedVersion {
  readonly version: string;
  /** The server behind an aggregated API did not answer when it was asked last. */
  readonly stale: boolean;
  /** Plural names; undefined where the server tells groups only. */
  readonly resources: ReadonlySet<string> | undefined;
}

/** Where a kind is to be listed, or why it cannot be. */
export type Resolution =
  | {
      readonly served: true;
      readonly version: string;
      /** The server did not say so: asking for the kind will show it. */
      readonly presumed?: boolean;
    }
  | { readonly served: false }
  | { readonly served: 'unknown'; readonly reason: string };

const ACCEPT =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

/**
 * Asks for the version and, with one request, for all that is served: aggregated discovery
 * (https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery), or the older list of groups. Throws
 * ApiError where nobody answers at all, or nobody who is let in.
 */
export async function discover(api: Api): Promise<Discovery> {
  const version = await allowedToFail(api.json('/version'));
  const groups = await allowedToFail(api.json('/apis', ACCEPT));
  const { gitVersion } = (version ?? {}) as { readonly gitVersion?: unknown };
  return {
    version: typeof gitVersion === 'string' ? gitVersion : undefined,
    groups: groups === undefined ? undefined : readGroups(groups as GroupList),
  };
}

/** A server can keep its version and its groups to itself, and answer all other questions. */
async function allowedToFail(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ApiError && error.status !== undefined && error.status !== 401) return undefined;
    throw error;
  }
}

interface GroupList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly freshness?: string;
      readonly resources?: readonly { readonly resource?: string }[];
    }[];
  }[];
  /** The older form. */
  readonly groups?: readonly { readonly name: string; readonly versions?: readonly { readonly version: string }[] }[];
}

function readGroups({ items, groups }: GroupList): Discovery['groups'] {
  if (items !== undefined)
    return new Map(
      items.map(({ metadata, versions = [] }) => [
        metadata?.name ?? '',
        versions.map(({ version, freshness, resources = [] }) => ({
          version,
          stale: freshness === 'Stale',
          resources: new Set(resources.flatMap(({ resource }) => resource ?? [])),
        })),
      ]),
    );
  if (groups === undefined) return undefined;
  return new Map(
    groups.map(({ name, versions = [] }) => [
      name,
      versions.map(({ version }) => ({ version, stale: false, resources: undefined })),
    ]),
  );
}

/** The newest version of a kind that both sides know. */
export function resolveKind({ groups }: Discovery, kind: Kind): Resolution {
  // The core group is always there, and a server that does not tell is asked for each kind.
  if (kind.group === '' || groups === undefined) return { served: true, version: kind.version, presumed: true };
  const versions = groups.get(kind.group);
  if (versions === undefined) return { served: false };
  const holds = ({ resources }: ServedVersion) => resources === undefined || resources.has(kind.plural);
  const known = [kind.version, ...(kind.olderVersions ?? [])]
    .map((wanted) => versions.find(({ version }) => version === wanted))
    .find((found) => found !== undefined && holds(found));
  if (known !== undefined) return { served: true, version: known.version, presumed: known.resources === undefined };
  const stale = versions.find((version) => version.stale);
  if (stale !== undefined)
    return {
      served: 'unknown',
      reason: `the server behind ${kind.group}/${stale.version} does not answer, so whether there is any ${kind.kind} cannot be said`,
    };
  const elsewhere = versions.filter((found) => found.resources?.has(kind.plural));
  if (elsewhere.length === 0) return { served: false };
  return {
    served: 'unknown',
    reason: `the server has ${kind.kind} as ${elsewhere.map(({ version }) => `${kind.group}/${version}`).join(' and ')} only, and ${kind.version} is understood`,
  };
}

/** Controllers and extensions that are known by the API that they bring. */
const ADD_ONS: Readonly<Record<string, string>> = {
  'metrics.k8s.io': 'metrics API',
  'gateway.networking.k8s.io': 'Gateway API',
  'cert-manager.io': 'cert-manager',
  'monitoring.coreos.com': 'Prometheus operator',
  'postgresql.cnpg.io': 'CloudNativePG',
  'velero.io': 'Velero',
  'snapshot.storage.k8s.io': 'volume snapshots',
  'external-secrets.io': 'External Secrets',
  'bitnami.com': 'Sealed Secrets',
  'keda.sh': 'KEDA',
  'argoproj.io': 'Argo',
  'kyverno.io': 'Kyverno',
};

export function addOnsOf({ groups }: Discovery): readonly string[] {
  return Object.entries(ADD_ONS).flatMap(([group, name]) => (groups?.has(group) ? [name] : []));
}

/** The reason for which a kind could not be listed, with what was asked, so that an administrator can be told. */
export function listFailure(kind: Kind, namespace: string | undefined, error: unknown): string {
  const reason = reasonOf(error);
  // The API's own refusals say it all: they name the user, the verb, the kind and the namespace.
  if (error instanceof ApiError && error.status === 403 && reason.includes('cannot list')) return reason;
  return `list ${kind.plural}${namespace === undefined ? '' : ` in the namespace ${namespace}`}: ${reason}`;
}
