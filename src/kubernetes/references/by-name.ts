import type { Resource } from '../../core/resource.ts';
import { sameNamespace } from '../label-selector.ts';
import { memoizeByArray } from '../memoize.ts';
import { resourcesNear } from '../near.ts';

interface Beside {
  readonly metadata?: { readonly namespace?: string };
}

/** The object of a name in the namespace of another. Names are indexed once a run, since a large input asks often. */
export function findByName<R extends Resource>(
  resources: readonly R[],
  name: string | undefined,
  beside: Beside,
): R | undefined {
  const sameName = (indexOf(resourcesNear(resources, beside)).get(name ?? '') ?? []) as readonly R[];
  return sameName.find(({ object }) => sameNamespace(object, beside));
}

const indexOf = memoizeByArray(
  (resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> =>
    Map.groupBy(resources, ({ object }) => object.metadata?.name ?? ''),
);
