import { formatPath } from '../core/location.ts';
import type { KubernetesObject } from '../core/objects.ts';
import { type Resource, refOf } from '../core/resource.ts';

/** An object of a cluster, live or recorded: a part of it is found by the object's name and the path. */
export function liveResource(object: KubernetesObject): Resource {
  const ref = refOf(object);
  return { object, ref, locate: (path) => ({ object: ref, path: formatPath(path) }) };
}
