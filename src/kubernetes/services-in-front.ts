import type { Service } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { matchesServiceSelector, sameNamespace } from './label-selector.ts';
import { memoizeByArray } from './memoize.ts';
import { resourcesNear } from './near.ts';
import type { Workload } from './workload.ts';

/** The Services that select a workload's pods, found by one label of their selectors instead of by trying them all. */
export function servicesInFrontOf(
  { resource, template }: Workload,
  services: readonly Resource<Service>[],
): readonly Resource<Service>[] {
  const labels = template.metadata?.labels ?? {};
  const index = indexOf(resourcesNear(services, resource.object));
  return Object.entries(labels)
    .flatMap(([key, value]) => index.get(`${key}=${value}`) ?? [])
    .filter(
      ({ object }) => sameNamespace(object, resource.object) && matchesServiceSelector(object.spec?.selector, labels),
    );
}

const indexOf = memoizeByArray(
  (services: readonly Resource<Service>[]): ReadonlyMap<string, readonly Resource<Service>[]> => {
    const index = new Map<string, Resource<Service>[]>();
    for (const service of services) {
      // The last pair is most often the one that tells services apart; any one would do.
      const pair = Object.entries(service.object.spec?.selector ?? {}).at(-1);
      if (pair === undefined) continue;
      const key = `${pair[0]}=${pair[1]}`;
      const known = index.get(key);
      if (known === undefined) index.set(key, [service]);
      else known.push(service);
    }
    return index;
  },
);
