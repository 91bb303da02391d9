import type { PodDisruptionBudget } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { matchesSelector, sameNamespace } from './label-selector.ts';
import { memoizeByArray } from './memoize.ts';
import { resourcesNear } from './near.ts';
import type { Workload } from './workload.ts';

type Budget = Resource<PodDisruptionBudget>;

/** The budgets that select a workload's pods, found by one label of their selectors instead of by trying them all. */
export function budgetsOver({ resource, template }: Workload, budgets: readonly Budget[]): readonly Budget[] {
  const labels = template.metadata?.labels ?? {};
  const index = indexOf(resourcesNear(budgets, resource.object));
  return [ANY, ...Object.entries(labels).map(([key, value]) => `${key}=${value}`)]
    .flatMap((pair) => index.get(pair) ?? [])
    .filter(({ object }) => sameNamespace(object, resource.object) && matchesSelector(object.spec?.selector, labels));
}

/** Where budgets lie that no label leads to: an empty selector, or expressions only. */
const ANY = '';

const indexOf = memoizeByArray(
  (budgets: readonly Budget[]): ReadonlyMap<string, readonly Budget[]> =>
    Map.groupBy(budgets, ({ object }) => {
      const pair = Object.entries(object.spec?.selector?.matchLabels ?? {}).at(-1);
      return pair === undefined ? ANY : `${pair[0]}=${pair[1]}`;
    }),
);
