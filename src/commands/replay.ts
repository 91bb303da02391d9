import { resolve } from 'node:path';
import type { Check } from '../core/check.ts';
import { reasonOf, UserError } from '../core/errors.ts';
import type { FactName, Observed, Snapshot } from '../core/facts.ts';
import { checksFor, wantedFacts } from '../core/run-checks.ts';
import { CLUSTER_FACTS, FACTS_ON_REQUEST } from '../sources/cluster/cluster-source.ts';
import { readBytes } from '../sources/files/files-source.ts';
import type { Io } from './io.ts';

/** Reads what `audit --save` kept, and says so: what it tells was true when it was recorded. */
export async function replay(file: string, io: Io): Promise<readonly Snapshot[]> {
  const { readSnapshots } = await import('../sources/replay/read-snapshot.ts');
  const snapshots = readSnapshots(readBytes(resolve(io.cwd, file)), file);
  io.stderr.write(
    `Replayed from ${file}, recorded ${snapshots[0]?.recordedAt ?? 'at a time that it does not tell'}.\n`,
  );
  return snapshots;
}

/** What the chosen checks need and nobody recorded is unknown, and no question that need not be asked. */
export function withGaps(snapshot: Snapshot, checks: readonly Check[]): Snapshot {
  if (snapshot.source !== 'cluster') return snapshot;
  const missing = [...wantedFacts(checksFor(checks, { name: 'cluster', provides: CLUSTER_FACTS }))].filter(
    (fact) => snapshot.facts[fact] === undefined && !FACTS_ON_REQUEST.has(fact),
  );
  const gaps = missing.map((fact): readonly [FactName, Observed<never>] => [
    fact,
    { seen: false, reason: `the snapshot was recorded without ${fact}, by an earlier version or for fewer checks` },
  ]);
  return { ...snapshot, facts: { ...snapshot.facts, ...Object.fromEntries(gaps) } };
}

/**
 * Judges what a file held. The depths of its objects are held to no schema, as those of a live one need not be: what cannot be judged
 * is refused with the file's name, and not taken for a bug.
 */
export async function refusingSpoilt<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${file} cannot be judged: ${reasonOf(cause)}.`, {
      hint: 'An object of an unexpected shape can cause this; if audit --save wrote the file as it is, please report it.',
      cause,
    });
  }
}
