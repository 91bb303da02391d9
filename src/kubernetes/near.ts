import type { Resource } from '../core/resource.ts';
import type { Workload } from './workload.ts';

interface Beside {
  readonly metadata?: { readonly namespace?: string };
}

/**
 * The resources that can be meant by an object: those of its namespace, where all have one, and else all of them, for
 * `sameNamespace` to tell. A whole cluster has the same names and labels in a thousand namespaces, so whoever indexes resources by
 * name or label asks for the near ones first.
 */
export const resourcesNear: <R extends Resource>(resources: readonly R[], beside: Beside) => readonly R[] = nearBy(
  ({ object }: Resource) => object,
);

/** The same of workloads. */
export const workloadsNear = nearBy(({ resource }: Workload) => resource.object);

function nearBy<T>(objectOf: (item: T) => Beside): <R extends T>(items: readonly R[], beside: Beside) => readonly R[] {
  const kept = new WeakMap<readonly T[], ReadonlyMap<string | undefined, readonly T[]>>();
  return <R extends T>(items: readonly R[], beside: Beside) => {
    const namespace = beside.metadata?.namespace;
    if (namespace === undefined) return items;
    let byNamespace = kept.get(items);
    if (byNamespace === undefined) {
      byNamespace = Map.groupBy<string | undefined, T>(items, (item) => objectOf(item).metadata?.namespace);
      kept.set(items, byNamespace);
    }
    return byNamespace.has(undefined) ? items : ((byNamespace.get(namespace) ?? NONE) as readonly R[]);
  };
}

const NONE: readonly never[] = [];
