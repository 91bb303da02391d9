import type { FactName } from '../../core/facts.ts';
import { KINDS, type Kind } from '../../kubernetes/kinds.ts';
import type { AccessRule } from './live-fact.ts';
import { LIVE_FACTS } from './live-facts.ts';
import { isWatched } from './watched-kinds.ts';

/** What must be allowed to observe some facts, each with the facts that it is for. */
export interface Permission extends AccessRule {
  /** Not seen without it. */
  readonly facts: readonly FactName[];
  /** Seen without it, with less detail. */
  readonly enriches: readonly FactName[];
}

/** The least that an API server must allow, so that these facts can be observed, or followed. */
export function permissionsFor(wanted: ReadonlySet<FactName>, isFollowed = false): readonly Permission[] {
  const rules = [...wanted].flatMap((fact): readonly Permission[] => {
    const live = LIVE_FACTS.filter((known) => known.fact === fact);
    const kinds = KINDS.filter(
      (kind) => kind.fact === fact || live.some(({ from }) => from.includes(kind.fact as never)),
    );
    const enriching = KINDS.filter((kind) =>
      live.some(({ enrichedBy = [] }) => enrichedBy.includes(kind.fact as never)),
    );
    return [
      ...kinds.map((kind) => ({ ...toList(kind, isFollowed), facts: [fact], enriches: [] })),
      ...enriching.map((kind) => ({ ...toList(kind, isFollowed), facts: [], enriches: [fact] })),
      ...live.flatMap((known) => known.rules.map((rule) => ({ ...rule, facts: [fact], enriches: [] }))),
    ];
  });
  const merged = new Map<string, Permission>();
  for (const rule of rules) {
    const key = `${rule.group}/${rule.resource}/${rule.clusterWide}`;
    const known = merged.get(key);
    merged.set(
      key,
      known === undefined
        ? rule
        : {
            ...known,
            verbs: [...new Set([...known.verbs, ...rule.verbs])],
            facts: [...new Set([...known.facts, ...rule.facts])],
            enriches: [...new Set([...known.enriches, ...rule.enriches])],
          },
    );
  }
  return [...merged.values()].toSorted((a, b) => compare(a.group, b.group) || compare(a.resource, b.resource));
}

function toList({ group, plural, namespaced, fact }: Kind, isFollowed: boolean): AccessRule {
  const verbs = isFollowed && isWatched(fact) ? (['list', 'watch'] as const) : (['list'] as const);
  return { group, resource: plural, verbs, clusterWide: !namespaced };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
