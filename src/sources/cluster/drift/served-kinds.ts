import { reasonOf } from '../../../core/errors.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../api-error.ts';

/** Where the objects of a kind are found, or why nowhere. */
export type ServedKind =
  | { readonly served: true; readonly plural: string; readonly namespaced: boolean }
  | { readonly served: false; readonly reason: string }
  | { readonly served: 'unknown'; readonly reason: string };

interface ResourceList {
  readonly resources?: readonly {
    readonly name?: string;
    readonly kind?: string;
    readonly namespaced?: boolean;
  }[];
}

/**
 * Finds kinds by what the server says of their apiVersion: any kind, custom resources among them, with one request for each
 * apiVersion. The list of all that is served is too short for that: the core group is not in it, and older servers name groups only.
 */
export function servedKinds(api: Api): (apiVersion: string, kind: string) => Promise<ServedKind> {
  const lists = new Map<string, ReturnType<typeof resourcesOf>>();
  return async (apiVersion, kind) => {
    const asked = lists.get(apiVersion) ?? resourcesOf(api, apiVersion);
    lists.set(apiVersion, asked);
    const list = await asked;
    if ('served' in list) return list;
    const found = (list.resources ?? []).find((each) => each.kind === kind && each.name?.includes('/') === false);
    if (found?.name === undefined) return { served: false, reason: `the server does not serve ${apiVersion} ${kind}` };
    return { served: true, plural: found.name, namespaced: found.namespaced === true };
  };
}

/** `/api/v1`, `/apis/apps/v1`. */
export function pathOfVersion(apiVersion: string): string {
  const parts = apiVersion.split('/').map(encodeURIComponent);
  return `${parts.length === 1 ? '/api' : '/apis'}/${parts.join('/')}`;
}

async function resourcesOf(
  api: Api,
  apiVersion: string,
): Promise<ResourceList | Exclude<ServedKind, { served: true }>> {
  try {
    const list = (await api.json(pathOfVersion(apiVersion))) as ResourceList | null;
    if (Array.isArray(list?.resources)) return list;
    return { served: 'unknown', reason: `what the server answers for ${apiVersion} is no list of its kinds` };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404)
      return { served: false, reason: `the server does not serve ${apiVersion}` };
    return { served: 'unknown', reason: `the kinds of ${apiVersion}: ${reasonOf(error)}` };
  }
}
