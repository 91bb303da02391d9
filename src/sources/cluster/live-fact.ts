import type { FactName, Facts, Observed } from '../../core/facts.ts';
import type { KindFacts } from '../../core/objects.ts';
import type { Resource } from '../../core/resource.ts';
import type { Declared } from '../files/declarations.ts';
import type { Detour } from '../http/detour.ts';
import type { KeyedHash } from '../keyed-hash.ts';
import type { Api } from './api.ts';
import type { Namespaces } from './list.ts';

/** What the API server must allow, as RBAC writes it. */
export interface AccessRule {
  /** Empty for the core group. */
  readonly group: string;
  /** Plural, with its subresource: `pods/log`. */
  readonly resource: string;
  readonly verbs: readonly ('get' | 'list' | 'watch' | 'create' | 'patch')[];
  /** Needs a ClusterRole, since no namespace holds it. */
  readonly clusterWide: boolean;
  /** The verbs where all namespaces are looked at, if others. */
  readonly verbsEverywhere?: AccessRule['verbs'];
  /** What whoever grants it should know, as a sentence. */
  readonly caution?: string;
}

/** The objects that were listed, by the fact that carries their kind. */
export type Listed = ReadonlyMap<keyof KindFacts, Observed<readonly Resource[]>>;

/** What a person can say about how a cluster is looked at. */
export interface LiveOptions {
  /** The log lines of so many seconds before now. */
  readonly logsSinceSeconds: number;
  /** Where pages of metrics are looked for that nothing declares. */
  readonly metricsPath: string;
  /** Certificates to trust at the edge beside the usual ones, in PEM. */
  readonly ca?: string | undefined;
  /** The way to the edge, where the addresses that the cluster tells cannot be reached. */
  readonly connectTo: readonly Detour[];
}

export const DEFAULT_LIVE_OPTIONS: LiveOptions = { logsSinceSeconds: 600, metricsPath: '/metrics', connectTo: [] };

/** Where a live fact looks. */
export interface LiveView {
  readonly api: Api;
  /** The address of the API server. */
  readonly server: string;
  readonly namespaces: Namespaces;
  readonly listed: Listed;
  readonly hash: KeyedHash;
  /** The namespace of what names none. */
  readonly home: string;
  /** What files say should be there, where a person gave some. */
  readonly declared?: Declared;
  readonly options: LiveOptions;
  /** Ends the whole run. */
  readonly signal: AbortSignal;
}

/** A fact that takes more than a list of objects: a kind of its own request, or a view of objects that were listed. */
export interface LiveFact<Name extends FactName = FactName> {
  readonly fact: Name;
  /** The kinds whose objects it starts from; they are listed before it is observed. */
  readonly from: readonly (keyof KindFacts)[];
  /** Kinds that add a detail; where they may not be listed, the fact is seen without it. */
  readonly enrichedBy?: readonly (keyof KindFacts)[];
  /** What it needs beside the lists of those kinds. */
  readonly rules: readonly AccessRule[];
  /** Observed only where an option asks for it, so that a snapshot without it lacks nothing. */
  readonly onRequest?: true;
  /** Never throws for what the server answers: a refusal is a fact that was not seen. */
  observe(view: LiveView): Promise<Observed<Facts[Name]>>;
}

export function defineLiveFact<Name extends FactName>(fact: LiveFact<Name>): LiveFact {
  return fact as unknown as LiveFact;
}

/** The objects of a kind from the lists; what was not listed was not seen. */
export function listedObjects<T extends keyof KindFacts>(
  { listed }: LiveView,
  kind: T,
): Observed<readonly Resource<KindFacts[T]>[]> {
  return (listed.get(kind) ?? { seen: false, reason: `${kind} were not asked for` }) as Observed<
    readonly Resource<KindFacts[T]>[]
  >;
}

/** Why parts of what a fact starts from were not seen. */
export function gapsOf(lists: readonly Observed<unknown>[]): string[] {
  return lists.flatMap((list) => (list.seen ? (list.incomplete ?? []) : list.reason));
}

/** What was seen, with what was not: nothing at all where there is only a reason for it. */
export function withGaps<T>(value: readonly T[], gaps: readonly string[]): Observed<readonly T[]> {
  const reason = [...new Set(gaps)].join('; ');
  if (gaps.length === 0) return { seen: true, value };
  return value.length === 0 ? { seen: false, reason } : { seen: true, value, incomplete: reason };
}
