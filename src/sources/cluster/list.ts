import type { KubernetesObject } from '../../core/objects.ts';
import { type Kind, listPath } from '../../kubernetes/kinds.ts';
import { type Api, ApiError } from './api.ts';

/** Few requests on a large cluster, and bounded memory for each answer. */
const PAGE_SIZE = 500;

export interface Listing {
  readonly objects: readonly KubernetesObject[];
  /** Why a later page or another namespace could not be read. */
  readonly incomplete?: string;
}

interface ListPage {
  readonly items?: readonly Omit<KubernetesObject, 'kind'>[];
  readonly metadata?: { readonly continue?: string };
}

/**
 * Lists a kind page by page. A group that the server does not serve has no objects, which is an answer; every other
 * refusal is thrown, unless a part of the list was read before it.
 */
export async function listKind(api: Api, kind: Kind, namespaces: readonly (string | undefined)[]): Promise<Listing> {
  const objects: KubernetesObject[] = [];
  for (const namespace of kind.namespaced ? namespaces : [undefined]) {
    let next = '';
    do {
      let page: ListPage;
      try {
        page = (await api.json(
          `${listPath(kind, namespace)}?limit=${PAGE_SIZE}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`,
        )) as ListPage;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404 && !kind.builtIn) return { objects: [] };
        if (objects.length === 0) throw error;
        return { objects, incomplete: `${kind.plural}: ${error instanceof Error ? error.message : String(error)}` };
      }
      const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
      for (const item of page.items ?? []) objects.push(trim({ ...item, apiVersion, kind: kind.kind }));
      next = page.metadata?.continue ?? '';
    } while (next !== '');
  }
  return { objects };
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Drops what no check reads, much of it twice the object's own size, and the copy of the object that kubectl leaves in it. */
function trim(object: KubernetesObject): KubernetesObject {
  const { managedFields: _fields, ...metadata } = (object.metadata ?? {}) as KubernetesObject['metadata'] & {
    readonly managedFields?: unknown;
  };
  if (metadata.annotations?.[LAST_APPLIED] === undefined) return { ...object, metadata };
  const { [LAST_APPLIED]: _copy, ...annotations } = metadata.annotations;
  return { ...object, metadata: { ...metadata, annotations } };
}
