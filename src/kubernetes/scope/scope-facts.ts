import type { Facts, Snapshot } from '../../core/facts.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import { sameNamespace } from '../label-selector.ts';
import { resourcesNear } from '../near.ts';
import { OBJECT_FACTS } from '../object-facts.ts';
import { type Link, linksOf } from '../references/backends.ts';
import { NAME_LABELS, PART_OF } from './applications.ts';

const NAMES = [...OBJECT_FACTS, 'pods'] as const;
export type ScopeFacts = Pick<Facts, (typeof NAMES)[number]>;

/** Stands beside an object of no namespace. */
export const CLUSTER_WIDE: KubernetesObject = { kind: '' };

/** What a scope is drawn over: the facts by name, and every object of the snapshot whatever fact it is in. */
export interface ScopeView {
  /** A fact that was not seen is empty here: what it would have added to a scope is not known. */
  readonly facts: ScopeFacts;
  /** By the name that findings give an object; several where several files write it. */
  readonly byRef: ReadonlyMap<string, readonly Resource[]>;
  /** The object of a kind and a name, beside another or in no namespace. */
  find(kind: string, name: string | undefined, beside: KubernetesObject): Resource | undefined;
  /** The backends that routes name, by the name of the Service. */
  readonly linksTo: ReadonlyMap<string, readonly Link[]>;
  /** By name alone. */
  readonly named: ReadonlyMap<string, readonly Resource[]>;
  /** By the labels that name an application or what is a part of it, each as `label=value`. */
  readonly labelled: ReadonlyMap<string, readonly Resource[]>;
  /** The objects that say that this one owns them. */
  ownedBy(owner: Resource): readonly Resource[];
}

export function viewOf({ facts }: Pick<Snapshot, 'facts'>): ScopeView {
  const seen = Object.fromEntries(
    NAMES.map((name) => {
      const observed = facts[name];
      return [name, observed?.seen === true ? observed.value : []];
    }),
  ) as unknown as ScopeFacts;
  const all = Object.values(facts).flatMap((fact): readonly Resource[] =>
    fact?.seen === true && Array.isArray(fact.value) ? (fact.value as readonly unknown[]).filter(isResource) : [],
  );
  const byName = Map.groupBy(all, ({ object }) => `${object.kind}/${object.metadata?.name}`);
  const children = new Map<string, Resource[]>();
  for (const child of all)
    for (const { kind, name } of child.object.metadata?.ownerReferences ?? []) {
      const owned = children.get(`${kind}/${name}`);
      if (owned === undefined) children.set(`${kind}/${name}`, [child]);
      else owned.push(child);
    }
  return {
    facts: seen,
    byRef: Map.groupBy(all, ({ ref }) => ref),
    linksTo: Map.groupBy(linksOf(seen), ({ name }) => name),
    named: Map.groupBy(all, ({ object }) => object.metadata?.name ?? ''),
    labelled: groupByLabel(all),
    find: (kind, name, beside) =>
      resourcesNear(byName.get(`${kind}/${name}`) ?? NONE, beside).find(({ object }) => sameNamespace(object, beside)),
    ownedBy: ({ object }) =>
      resourcesNear(children.get(`${object.kind}/${object.metadata?.name}`) ?? NONE, object).filter((child) =>
        sameNamespace(child.object, object),
      ),
  };
}

const NONE: readonly Resource[] = [];

function groupByLabel(all: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const pairs = all.flatMap((resource) =>
    [...NAME_LABELS, PART_OF].flatMap((label) => {
      const value = resource.object.metadata?.labels?.[label];
      return value === undefined ? [] : [{ pair: `${label}=${value}`, resource }];
    }),
  );
  return new Map(
    [...Map.groupBy(pairs, ({ pair }) => pair)].map(([pair, own]) => [pair, own.map(({ resource }) => resource)]),
  );
}

function isResource(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && 'object' in value && 'ref' in value && 'locate' in value;
}
