import { setTimeout } from 'node:timers/promises';
import { reasonOf } from '../../core/errors.ts';
import type { FactName, Snapshot } from '../../core/facts.ts';
import type { KindFacts } from '../../core/objects.ts';
import { KINDS, type Kind } from '../../kubernetes/kinds.ts';
import { liveResource } from '../live-resource.ts';
import { type ClusterOptions, type Known, type Observation, openCluster } from './cluster-source.ts';
import { resolveKind } from './discovery.ts';
import { createKeptLists } from './kept-lists.ts';
import { trim } from './list.ts';
import { LIVE_FACTS } from './live-facts.ts';
import { withoutSecrets } from './observe-kind.ts';
import { type ListChange, versionOf, type WatchedList, watchList } from './watch-list.ts';
import { isWatched } from './watched-kinds.ts';

/** A cluster that is looked at again and again. */
export interface ClusterFollower {
  /** All of it anew. */
  observe(): Promise<Snapshot>;
  /** What is known once something has changed, or may have; undefined when the signal ends the wait. */
  next(): Promise<Snapshot | undefined>;
  close(): void;
}

export interface FollowOptions extends ClusterOptions {
  /** Told of each kind that may not be watched, and why. */
  readonly refused?: (what: string, reason: string) => void;
}

/** How often that is read again which is not watched. */
export const POLL_MS = 10_000;
/** A rollout changes many objects at once; they are judged together when nothing has changed for so long, and in the end anyway. */
const QUIET_MS = 250;
const LONGEST_DELAY_MS = 2_000;
/** Each is a connection that stays open. What is more than that is read again like what may not be watched. */
const MAX_WATCHES = 64;

type KindFact = keyof KindFacts;

/**
 * Follows what these facts need: the kinds that move in a rollout by watches, whose lists are kept, and the rest by reading it
 * again from time to time. Throws UserError where the cluster cannot be used at all.
 */
export async function followCluster(
  options: FollowOptions,
  wanted: ReadonlySet<FactName>,
  signal: AbortSignal,
): Promise<ClusterFollower> {
  const session = await openCluster(options, signal);
  const { api, discovery, namespaces, hash } = session;
  const keep = withoutSecrets(hash);
  const kept = createKeptLists();
  const changes = createAlarm();
  /** What has changed since all was looked at. */
  const changed = new Set<KindFact>();
  let last: Observation | undefined;
  let lastLook = 0;
  let isWatching = false;

  const forget = (fact: KindFact) => {
    kept.drop(fact);
    changed.add(fact);
    changes.ring();
  };

  const apply = ({ kind }: WatchedList, change: ListChange) => {
    const fact = kind.fact as KindFact;
    if (change.what === 'lost') {
      forget(fact);
      return;
    }
    const isNews =
      change.what === 'set'
        ? kept.set(fact, liveResource(keep(trim(change.object))))
        : kept.remove(fact, change.object);
    if (!isNews) return;
    changed.add(fact);
    changes.ring();
  };

  const watching = new Set<KindFact>();
  /** What the watches tell while lists are read: it may be newer than those, and is held against them afterwards. */
  let told: (readonly [WatchedList, ListChange])[] | undefined;
  const take = async (known: Known, isWhole: boolean): Promise<Snapshot> => {
    told = [];
    try {
      last = await session.observe(wanted, known);
      // A list that was read whole is kept from now on, if it is watched.
      for (const [fact, observed] of last.listed)
        if (watching.has(fact) && (isWhole || !kept.has(fact)) && observed.seen && observed.incomplete === undefined)
          kept.take(fact, observed.value);
      return last.snapshot;
    } finally {
      const late = told;
      told = undefined;
      for (const [list, change] of late) apply(list, change);
    }
  };

  const look = async (isWhole: boolean): Promise<Snapshot> => {
    const before = new Set(changed);
    const facts = isWhole || last === undefined ? {} : unchanged(last.snapshot.facts, before);
    changed.clear();
    const snapshot = await take({ listed: isWhole ? new Map() : kept.all(), facts }, isWhole);
    lastLook = performance.now();
    return snapshot;
  };

  /** What is known, without a request where nothing has to be read again. */
  const recall = async (): Promise<Snapshot> => {
    if (last === undefined) return look(true);
    const unwatched = [...last.listed].filter(([fact]) => !watching.has(fact));
    return take({ listed: new Map([...unwatched, ...kept.all()]), facts: costly(last.snapshot.facts) }, false);
  };

  return {
    async observe() {
      if (isWatching) return look(true);
      isWatching = true;
      const lists = await listsToWatch();
      for (const { kind } of lists) watching.add(kind.fact as KindFact);
      const snapshot = await look(true);
      for (const list of lists) if (kept.has(list.kind.fact as KindFact)) void watch(list);
      return snapshot;
    },
    async next() {
      const isChange = await changes.wait(Math.max(0, lastLook + POLL_MS - performance.now()), signal);
      if (isChange) await changes.calm(QUIET_MS, LONGEST_DELAY_MS, signal);
      if (signal.aborted) return undefined;
      const snapshot = isChange ? await recall() : await look(false);
      return signal.aborted ? undefined : snapshot;
    },
    close: session.close,
  };

  async function listsToWatch(): Promise<readonly WatchedList[]> {
    const asked = KINDS.filter(
      ({ fact }) =>
        isWatched(fact) &&
        (wanted.has(fact) ||
          LIVE_FACTS.some(({ fact: live, from }) => wanted.has(live) && from.includes(fact as never))),
    ).flatMap((kind): readonly Kind[] => {
      const resolution = resolveKind(discovery, kind);
      return resolution.served === true ? [{ ...kind, version: resolution.version }] : [];
    });
    const places = asked.flatMap((kind) =>
      (kind.namespaced && namespaces !== 'all' ? namespaces : [undefined]).map((namespace) => ({ kind, namespace })),
    );
    if (places.length > MAX_WATCHES)
      options.refused?.(`${places.length} lists`, `no more than ${MAX_WATCHES} are watched at a time`);
    const found = await Promise.all(
      (places.length > MAX_WATCHES ? [] : places).map(async (place): Promise<readonly WatchedList[]> => {
        try {
          return [{ ...place, resourceVersion: await versionOf(api, place.kind, place.namespace) }];
        } catch {
          // The list itself says why it cannot be read.
          return [];
        }
      }),
    );
    const lists = found.flat();
    // A fact is kept where every list that it is made of is watched.
    return lists.filter(
      ({ kind: { fact } }) =>
        lists.filter(({ kind }) => kind.fact === fact).length ===
        places.filter(({ kind }) => kind.fact === fact).length,
    );
  }

  async function watch(list: WatchedList): Promise<void> {
    try {
      const tell = (change: ListChange) => (told === undefined ? apply(list, change) : told.push([list, change]));
      await watchList(api, list, tell, signal);
    } catch (error) {
      if (signal.aborted) return;
      const fact = list.kind.fact as KindFact;
      if (watching.delete(fact)) options.refused?.(list.kind.plural, reasonOf(error));
      forget(fact);
    }
  }
}

/** The facts that cost requests of their own, whatever they start from. */
function costly(facts: Snapshot['facts']): Snapshot['facts'] {
  const names = LIVE_FACTS.filter(({ rules }) => rules.length > 0).map(({ fact }) => fact);
  return Object.fromEntries(Object.entries(facts).filter(([fact]) => names.includes(fact as FactName)));
}

/** Of those the ones that were seen whole, and start from nothing that has changed. */
function unchanged(facts: Snapshot['facts'], changed: ReadonlySet<KindFact>): Snapshot['facts'] {
  return Object.fromEntries(
    Object.entries(costly(facts)).filter(([name, observed]) => {
      const from = LIVE_FACTS.find(({ fact }) => fact === name)?.from ?? [];
      return observed.seen && observed.incomplete === undefined && !from.some((fact) => changed.has(fact));
    }),
  );
}

/** Something that rings, and somebody who waits for it. */
function createAlarm() {
  let rang = false;
  let wake = () => {};
  const sleep = async (ms: number, signal: AbortSignal) => {
    const ended = new AbortController();
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    await Promise.race([
      woken,
      setTimeout(ms, undefined, { signal: AbortSignal.any([signal, ended.signal]) }).catch(() => {}),
    ]);
    ended.abort();
  };
  return {
    ring() {
      rang = true;
      wake();
    },
    /** Whether it rang before the time was over. */
    async wait(ms: number, signal: AbortSignal): Promise<boolean> {
      if (!rang && !signal.aborted) await sleep(ms, signal);
      return rang;
    },
    /** Waits until it has been quiet for a while, and takes all the rings for one. */
    async calm(quietMs: number, longestMs: number, signal: AbortSignal): Promise<void> {
      const end = performance.now() + longestMs;
      while (rang && !signal.aborted && performance.now() < end) {
        rang = false;
        await sleep(quietMs, signal);
      }
      rang = false;
    },
  };
}
