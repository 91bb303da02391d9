import type { Path } from '../core/location.ts';
import type { Deployment, HorizontalPodAutoscaler } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';
import { sameNamespace } from './label-selector.ts';
import { memoizeByArray } from './memoize.ts';
import { resourcesNear } from './near.ts';
import type { Workload } from './workload.ts';

/** The fewest pods that a workload is meant to have, and where that is said. */
export interface FewestReplicas {
  readonly count: number;
  readonly resource: Resource;
  readonly path: Path;
  /** `replicas 2`, `minReplicas 2 of HorizontalPodAutoscaler qna`. */
  readonly said: string;
}

/** An autoscaler's lower bound where one targets the workload, else its own replicas; undefined where the kind has none. */
export function fewestReplicas(
  { resource, kind, name }: Workload,
  autoscalers: readonly Resource<HorizontalPodAutoscaler>[],
): FewestReplicas | undefined {
  if (kind !== 'Deployment' && kind !== 'StatefulSet') return undefined;
  const autoscaler = byTarget(resourcesNear(autoscalers, resource.object))
    .get(`${kind} ${name}`)
    ?.find(({ object }) => sameNamespace(object, resource.object));
  if (autoscaler !== undefined) {
    const min = autoscaler.object.spec?.minReplicas;
    return {
      count: min ?? 1,
      resource: autoscaler,
      path: ['spec', 'minReplicas'],
      said: `minReplicas ${min ?? '1 (the default)'} of ${autoscaler.ref}`,
    };
  }
  const replicas = (resource.object as Deployment).spec?.replicas;
  return {
    count: replicas ?? 1,
    resource,
    path: ['spec', 'replicas'],
    said: `replicas ${replicas ?? '1 (the default)'}`,
  };
}

const byTarget = memoizeByArray(
  (
    autoscalers: readonly Resource<HorizontalPodAutoscaler>[],
  ): ReadonlyMap<string, readonly Resource<HorizontalPodAutoscaler>[]> =>
    Map.groupBy(
      autoscalers,
      ({ object }) => `${object.spec?.scaleTargetRef?.kind} ${object.spec?.scaleTargetRef?.name}`,
    ),
);

/** A number of pods that is written as a number or as a share of all; undefined where it is neither. */
export function podCount(
  written: number | string | undefined,
  total: number,
  round: 'up' | 'down',
): number | undefined {
  if (typeof written === 'number') return written;
  const [, digits, percent] = /^(\d+)(%?)$/.exec(written ?? '') ?? [];
  if (digits === undefined) return undefined;
  if (percent === '') return Number(digits);
  return Math[round === 'up' ? 'ceil' : 'floor']((Number(digits) * total) / 100);
}
