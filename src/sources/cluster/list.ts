import type { KubernetesObject, Node } from '../../core/objects.ts';
import { type Kind, listPath } from '../../kubernetes/kinds.ts';
import { redactAhead } from '../redact-snapshot.ts';
import { spareMemory } from '../spare-memory.ts';
import type { Api } from './api.ts';
import { ApiError } from './api-error.ts';
import { listFailure } from './discovery.ts';
import { keepOnce } from './keep-once.ts';

/** Few requests on a large cluster, and bounded memory for each answer. */
const PAGE_SIZE = 500;
/** No cluster holds fifty million objects of a kind; a server that goes on so far goes on for ever. */
const MAX_PAGES = 100_000;

export interface Listing {
  readonly objects: readonly KubernetesObject[];
  /** Why a later page or another namespace could not be read. */
  readonly incomplete?: string;
}

interface ListPage {
  readonly kind?: unknown;
  /** Null where Go has an empty slice. */
  readonly items?: readonly Omit<KubernetesObject, 'kind'>[] | null;
  readonly metadata?: { readonly continue?: string };
}

/** Everywhere, or in each of these namespaces. */
export type Namespaces = readonly string[] | 'all';

/**
 * Lists a kind page by page, and keeps of each object what `keep` makes of it. A kind of an extension that is only `presumed` to be
 * served, and is not, has no objects, which is an answer; every other refusal is thrown as ApiError, unless a part of the list was
 * read before it.
 */
export async function listKind(
  api: Api,
  kind: Kind,
  namespaces: Namespaces,
  presumed: boolean,
  keep: (object: KubernetesObject) => KubernetesObject,
): Promise<Listing> {
  const objects: KubernetesObject[] = [];
  const gaps: string[] = [];
  for (const namespace of kind.namespaced && namespaces !== 'all' ? namespaces : [undefined]) {
    const read: KubernetesObject[] = [];
    try {
      await readPages(api, kind, namespace, keep, read);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404 && presumed && !kind.builtIn) continue;
      gaps.push(listFailure(kind, namespace, error));
    }
    for (const object of read) objects.push(object);
  }
  const incomplete = gaps.join('; ');
  if (gaps.length > 0 && objects.length === 0) throw new ApiError(incomplete);
  return { objects, ...(gaps.length === 0 ? {} : { incomplete }) };
}

async function readPages(
  api: Api,
  kind: Kind,
  namespace: string | undefined,
  keep: (object: KubernetesObject) => KubernetesObject,
  read: KubernetesObject[],
): Promise<void> {
  const path = listPath(kind, namespace);
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const tokens = new Set<string>();
  // One page is on its way while the one before it is parsed: of a large kind, that is half of the time.
  let ahead: { readonly token: string; readonly page: Promise<ListPage> } | undefined;
  let restarted = false;
  for (let next = '', pages = 0; ; pages++) {
    let page: ListPage;
    try {
      page = await take(next);
    } catch (error) {
      // The list had changed too much since its first page; whoever wants it whole begins anew.
      if (!(error instanceof ApiError) || error.status !== 410 || restarted) throw error;
      restarted = true;
      read.length = 0;
      tokens.clear();
      next = '';
      continue;
    }
    for (const item of itemsOf(page)) {
      const object = keep(trim({ ...item, apiVersion, kind: kind.kind }));
      const before = read.at(-1);
      const kept = keepOnce(before, object);
      redactAhead(kept, before);
      read.push(kept);
    }
    next = page.metadata?.continue ?? '';
    if (next === '') return;
    if (tokens.has(next) || pages > MAX_PAGES) throw new ApiError('the list never ends: the server repeats itself');
    tokens.add(next);
  }

  function take(token: string): Promise<ListPage> {
    const page = ahead?.token === token ? ahead.page : ask(token);
    ahead = undefined;
    return page;
  }

  function ask(token: string): Promise<ListPage> {
    const query = token === '' ? '' : `&continue=${encodeURIComponent(token)}`;
    return api.page(`${path}?limit=${PAGE_SIZE}${query}`, (foreseen) => {
      if (ahead !== undefined || tokens.has(foreseen)) return;
      // More than one page of a kind is a large cluster.
      if (tokens.size === 0) spareMemory();
      const page = ask(foreseen);
      // A failure is told where the page is taken.
      page.catch(() => {});
      ahead = { token: foreseen, page };
    }) as Promise<ListPage>;
  }
}

/** Anything else that is JSON must not pass for an empty list. */
function itemsOf({ kind, items }: ListPage): NonNullable<ListPage['items']> {
  const isList = typeof kind === 'string' && kind.endsWith('List') && (items === null || Array.isArray(items));
  if (!isList) throw new ApiError('the answer is no list, so a proxy may answer in place of the API server');
  return items ?? [];
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Drops what no check reads, much of it twice the object's own size, and the copy of the object that kubectl leaves in it. */
export function trim(object: KubernetesObject): KubernetesObject {
  const { managedFields: _fields, ...metadata } = (object.metadata ?? {}) as KubernetesObject['metadata'] & {
    readonly managedFields?: unknown;
  };
  if (object.kind === 'Node') return { ...object, metadata, ...withoutImages(object) };
  if (metadata.annotations?.[LAST_APPLIED] === undefined) return { ...object, metadata };
  const { [LAST_APPLIED]: _copy, ...annotations } = metadata.annotations;
  return { ...object, metadata: { ...metadata, annotations } };
}

/** A node names every image that it keeps, which is most of what it says. */
function withoutImages({ status }: Node): Pick<Node, 'status'> {
  const { images: _images, ...kept } = (status ?? {}) as Node['status'] & { readonly images?: unknown };
  return { status: kept };
}
