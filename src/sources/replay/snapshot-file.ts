import { UserError } from '../../core/errors.ts';
import type { FactName, Observed, Snapshot, SourceName } from '../../core/facts.ts';
import { formatPath } from '../../core/location.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import { type Resource, refOf } from '../../core/resource.ts';
import { KIND_FACTS } from '../../kubernetes/kinds.ts';
import { redact } from '../../kubernetes/redact.ts';

/** The version of the file's shape. */
const SNAPSHOT_VERSION = 1;

/** Facts whose values are objects with a way back to where they were read. */
const RESOURCE_FACTS: ReadonlySet<string> = new Set<string>([...KIND_FACTS, 'pods', 'namespaces']);

/** A snapshot as it is saved: plain data, credentials replaced by marks. */
export interface SnapshotFile {
  readonly qnaReadySnapshot: typeof SNAPSHOT_VERSION;
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
  readonly source: SourceName;
  readonly target: string;
  readonly facts: { readonly [K in FactName]?: Observed<unknown> };
  readonly notSeen: Snapshot['notSeen'];
  readonly detected?: Snapshot['detected'];
}

/** Writes a snapshot so that it can be replayed, and shown to others. */
export function saveSnapshot(snapshot: Snapshot, recordedAt: Date): string {
  const facts: Partial<Record<FactName, Observed<unknown>>> = {};
  for (const [name, observed] of Object.entries(snapshot.facts) as [FactName, Observed<unknown>][])
    facts[name] =
      observed.seen && RESOURCE_FACTS.has(name)
        ? { ...observed, value: (observed.value as readonly Resource[]).map(({ object }) => object) }
        : observed;
  const file: SnapshotFile = {
    qnaReadySnapshot: SNAPSHOT_VERSION,
    recordedAt: recordedAt.toISOString(),
    source: snapshot.source,
    target: snapshot.target,
    facts,
    notSeen: snapshot.notSeen,
    ...(snapshot.detected === undefined ? {} : { detected: snapshot.detected }),
  };
  return `${JSON.stringify(redact(file), undefined, 1)}\n`;
}

/** Reads a saved snapshot; `name` is how a person knows the file. */
export function replaySnapshot(
  text: string,
  name: string,
): { readonly snapshot: Snapshot; readonly recordedAt: string } {
  const file = parse(text, name);
  const facts: Partial<Record<FactName, Observed<unknown>>> = {};
  for (const [fact, observed] of Object.entries(file.facts) as [FactName, Observed<unknown>][])
    facts[fact] =
      observed.seen && RESOURCE_FACTS.has(fact)
        ? { ...observed, value: (observed.value as readonly KubernetesObject[]).map(toResource) }
        : observed;
  return {
    snapshot: {
      source: file.source,
      target: file.target,
      facts: facts as Snapshot['facts'],
      notSeen: file.notSeen ?? [],
      ...(file.detected === undefined ? {} : { detected: file.detected }),
    },
    recordedAt: file.recordedAt ?? '',
  };
}

function parse(text: string, name: string): SnapshotFile {
  let file: Partial<SnapshotFile> | null;
  try {
    file = JSON.parse(text) as Partial<SnapshotFile> | null;
  } catch (cause) {
    throw new UserError(`${name} is no saved snapshot: it is not JSON.`, {
      hint: 'Make one with: qna-ready audit --save FILE.',
      cause,
    });
  }
  if (file?.qnaReadySnapshot !== SNAPSHOT_VERSION || typeof file.facts !== 'object' || file.source === undefined)
    throw new UserError(`${name} is no snapshot of version ${SNAPSHOT_VERSION}.`, {
      hint: 'Make one with: qna-ready audit --save FILE.',
    });
  return file as SnapshotFile;
}

function toResource(object: KubernetesObject): Resource {
  const ref = refOf(object);
  return { object, ref, locate: (path) => ({ object: ref, path: formatPath(path) }) };
}
