import { UserError } from '../../core/errors.ts';
import type { DetectedCluster, FactName, Observed, Reach, Snapshot, SourceName } from '../../core/facts.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import { KIND_FACTS } from '../../kubernetes/kinds.ts';

/** The version of the file's shape that is written. Version 1 held one snapshot, and is still read. */
export const SNAPSHOT_VERSION = 2;

/**
 * The largest text of a snapshot, in bytes. It is held as one string to be parsed, and V8 makes none that is longer; what
 * inflates beyond it was not made by `--save`.
 */
export const MAX_SNAPSHOT_BYTES = 500 * 1024 * 1024;

/** A file of snapshots: plain data, credentials replaced by marks. The published schema is `schemas/snapshot-v2.schema.json`. */
export interface SnapshotFile {
  readonly qnaReadySnapshot: typeof SNAPSHOT_VERSION;
  /** ISO 8601, UTC. */
  readonly recordedAt?: string;
  /** The version of the program. */
  readonly recordedBy?: string;
  readonly snapshots: readonly SavedSnapshot[];
}

export interface SavedSnapshot {
  readonly source: SourceName;
  readonly target: string;
  readonly label?: string;
  readonly reach?: Reach;
  readonly detected?: DetectedCluster;
  readonly notSeen: Snapshot['notSeen'];
  readonly facts: { readonly [K in FactName]?: SavedFact };
}

/** Objects are told apart from other values, since what is read of them must lead back to them. */
export type SavedFact =
  | { readonly seen: true; readonly objects: readonly KubernetesObject[]; readonly incomplete?: string }
  | Observed<unknown>;

/** Facts whose values are objects, also where there are none. */
export const OBJECT_FACTS: ReadonlySet<string> = new Set<string>([...KIND_FACTS, 'pods', 'namespaces']);

/** Whoever reads this can make a snapshot of their own. */
export const HOW_TO_SAVE = { hint: 'Make one with: qna-ready audit --save FILE.' };

/** Brings what an older version wrote to the shape of today, and refuses what a newer one did. Nothing else is looked at. */
export function upgrade(value: unknown, name: string): unknown {
  const file = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const version = file.qnaReadySnapshot;
  if (typeof version !== 'number') throw new UserError(`${name} is no saved snapshot.`, HOW_TO_SAVE);
  if (version > SNAPSHOT_VERSION)
    throw new UserError(
      `${name} is a snapshot of version ${version}, and this qna-ready reads versions 1 and ${SNAPSHOT_VERSION}.`,
      { hint: 'Upgrade qna-ready, or record the snapshot anew with this one.' },
    );
  return version === 1 ? upgradeFirst(file) : value;
}

function upgradeFirst({ recordedAt, source, target, facts, notSeen, detected }: Readonly<Record<string, unknown>>) {
  const entries = typeof facts === 'object' && facts !== null && !Array.isArray(facts) ? Object.entries(facts) : [];
  return {
    qnaReadySnapshot: SNAPSHOT_VERSION,
    ...(recordedAt === undefined ? {} : { recordedAt }),
    snapshots: [
      {
        source,
        target,
        ...(detected === undefined ? {} : { detected }),
        notSeen: notSeen ?? [],
        facts: Array.isArray(facts) || entries.length === 0 ? facts : Object.fromEntries(entries.map(upgradeFact)),
      },
    ],
  };
}

function upgradeFact([fact, observed]: readonly [string, unknown]): readonly [string, unknown] {
  const { value, ...rest } = (observed ?? {}) as { readonly seen?: unknown; readonly value?: unknown };
  return [fact, OBJECT_FACTS.has(fact) && rest.seen === true ? { ...rest, objects: value } : observed];
}
