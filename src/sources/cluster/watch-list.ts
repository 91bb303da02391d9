import { setTimeout } from 'node:timers/promises';
import { reasonOf } from '../../core/errors.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import { type Kind, listPath } from '../../kubernetes/kinds.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';

/** What a watch tells of a list, in the order in which it happened. */
export type ListChange =
  | { readonly what: 'set' | 'gone'; readonly object: KubernetesObject }
  /** Too much has happened to tell it one by one: the list is to be read anew. */
  | { readonly what: 'lost' };

export interface WatchedList {
  readonly kind: Kind;
  /** Every one of them where absent. */
  readonly namespace: string | undefined;
  /** From where on it is watched. */
  readonly resourceVersion: string;
}

/** The server ends a watch by then in any case; asking for it keeps proxies from doing it in their way. */
const WATCH_SECONDS = 240;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** The version of a list, from which on changes can be asked for. Asked before the list is read, so that none falls between. */
export async function versionOf(api: Api, kind: Kind, namespace: string | undefined): Promise<string> {
  const { metadata } = (await api.json(`${listPath(kind, namespace)}?limit=1`)) as {
    readonly metadata?: { readonly resourceVersion?: unknown };
  };
  const version = metadata?.resourceVersion;
  if (typeof version !== 'string' || version === '') throw new ApiError('the list has no version');
  return version;
}

/**
 * Watches a list (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes) for as long as the
 * signal lasts. A watch that ends or breaks off is opened again where it was; one whose place the server no longer knows begins
 * anew, and says that what was between is lost. Throws ApiError where the server lets nobody watch.
 */
export async function watchList(
  api: Api,
  { kind, namespace, resourceVersion }: WatchedList,
  tell: (change: ListChange) => unknown,
  signal: AbortSignal,
): Promise<void> {
  let from = resourceVersion;
  let failures = 0;
  while (!signal.aborted) {
    try {
      if (from === '') {
        from = await versionOf(api, kind, namespace);
        tell({ what: 'lost' });
      }
      const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${encodeURIComponent(from)}`;
      for await (const line of api.lines(`${listPath(kind, namespace)}?${query}`)) {
        const { type, object } = parseEvent(line);
        from = object.metadata?.resourceVersion ?? from;
        failures = 0;
        if (type === 'BOOKMARK') continue;
        tell({ what: type === 'DELETED' ? 'gone' : 'set', object: { ...object, ...named(kind) } });
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 410) from = '';
      else if (REFUSALS.has(error.status ?? 0)) throw error;
    }
    // A server that ends each watch at once is not asked without a pause, nor is one that is down.
    failures++;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
    if (failures > 1) await setTimeout(wait, undefined, { signal }).catch(() => {});
  }
}

/** Nobody may, or nobody can: it will be the same in a minute. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404, 405]);

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubernetesObject & { readonly metadata?: { readonly resourceVersion?: string } };
}

function parseEvent(line: string): WatchEvent {
  let event: { readonly type?: unknown; readonly object?: { readonly code?: number; readonly message?: string } };
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw new ApiError(`what the watch says is no JSON: ${reasonOf(cause)}`, { passing: true });
  }
  const { type, object } = event;
  if (type === 'ERROR')
    throw new ApiError(object?.message ?? 'the watch failed', {
      ...(object?.code === undefined ? {} : { status: object.code }),
    });
  if (typeof type !== 'string' || typeof object !== 'object' || object === null)
    throw new ApiError('what the watch says is no event', { passing: true });
  return event as WatchEvent;
}

/** As a list names its objects. */
function named({ group, version, kind }: Kind): Pick<KubernetesObject, 'apiVersion' | 'kind'> {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind };
}
