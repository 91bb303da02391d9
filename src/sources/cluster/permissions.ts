import type { FactName } from '../../core/facts.ts';
import { KINDS } from '../../kubernetes/kinds.ts';
import type { AccessRule } from './live-fact.ts';
import { LIVE_FACTS } from './live-facts.ts';
import { isWatched } from './watched-kinds.ts';

/** What must be allowed to observe some facts, each with the facts that it is for. */
export interface Permission extends AccessRule {
  readonly facts: readonly FactName[];
}

/** The least that an API server must allow, so that these facts can be observed, or followed. */
export function permissionsFor(wanted: ReadonlySet<FactName>, isFollowed = false): readonly Permission[] {
  const rules = [...wanted].flatMap((fact): readonly Permission[] => {
    const live = LIVE_FACTS.filter((known) => known.fact === fact);
    const kinds = KINDS.filter(
      (kind) => kind.fact === fact || live.some(({ from }) => from.includes(kind.fact as never)),
    );
    return [
      ...kinds.map(({ group, plural, namespaced, fact: listed }) => ({
        group,
        resource: plural,
        verbs: isFollowed && isWatched(listed) ? (['list', 'watch'] as const) : (['list'] as const),
        clusterWide: !namespaced,
        facts: [fact],
      })),
      ...live.flatMap((known) => known.rules.map((rule) => ({ ...rule, facts: [fact] }))),
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
          },
    );
  }
  return [...merged.values()].toSorted((a, b) => compare(a.group, b.group) || compare(a.resource, b.resource));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
