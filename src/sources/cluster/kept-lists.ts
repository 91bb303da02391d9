import type { Observed } from '../../core/facts.ts';
import type { KindFacts, KubernetesObject } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';

type KindFact = keyof KindFacts;

/** Lists that were read once and are kept as they change. */
export interface KeptLists {
  /** Takes a whole list, in place of what was kept of it. */
  take(fact: KindFact, resources: readonly Resource[]): void;
  /** Takes a change; false where what is kept is as new. */
  set(fact: KindFact, resource: Resource): boolean;
  remove(fact: KindFact, object: KubernetesObject): boolean;
  /** Kept no more: whoever wants it reads it. */
  drop(fact: KindFact): void;
  has(fact: KindFact): boolean;
  /** What is kept now. A list that did not change is the same array. */
  all(): Map<KindFact, Observed<readonly Resource[]>>;
}

export function createKeptLists(): KeptLists {
  const kept = new Map<KindFact, Map<string, Resource>>();
  const arrays = new Map<KindFact, Observed<readonly Resource[]>>();
  return {
    take(fact, resources) {
      kept.set(fact, new Map(resources.map((resource) => [keyOf(resource.object), resource])));
      arrays.delete(fact);
    },
    set(fact, resource) {
      const list = kept.get(fact);
      const key = keyOf(resource.object);
      if (list === undefined || !isNewer(resource.object, list.get(key)?.object)) return false;
      list.set(key, resource);
      arrays.delete(fact);
      return true;
    },
    remove(fact, object) {
      const list = kept.get(fact);
      const key = keyOf(object);
      const known = list?.get(key)?.object;
      // What was made anew under the same name since is another object.
      if (list === undefined || known === undefined || !isNewer(object, known)) return false;
      list.delete(key);
      arrays.delete(fact);
      return true;
    },
    drop(fact) {
      kept.delete(fact);
      arrays.delete(fact);
    },
    has: (fact) => kept.has(fact),
    all() {
      for (const [fact, list] of kept)
        if (!arrays.has(fact)) arrays.set(fact, { seen: true, value: [...list.values()] });
      return new Map(arrays);
    },
  };
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

/**
 * Versions of one kind's objects can be compared as numbers, of whatever length
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions); where they are none, the later word counts.
 */
function isNewer(object: KubernetesObject, known: KubernetesObject | undefined): boolean {
  const [version, before] = [object, known].map(
    (each) => (each?.metadata as { readonly resourceVersion?: string } | undefined)?.resourceVersion ?? '',
  ) as [string, string];
  if (!/^\d+$/.test(version) || !/^\d+$/.test(before)) return version !== before || version === '';
  return version.length === before.length ? version > before : version.length > before.length;
}
