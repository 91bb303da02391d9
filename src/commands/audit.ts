import { resolve } from 'node:path';
import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { WORKLOAD_FACTS } from '../kubernetes/workload.ts';
import { clusterSource } from '../sources/cluster/cluster-source.ts';
import { readInput } from '../sources/files/files-source.ts';
import { replaySnapshot, saveSnapshot } from '../sources/replay/snapshot-file.ts';
import type { Io } from './io.ts';
import { chosenChecks, conclude, observe } from './judge.ts';
import type { CommonOptions } from './options.ts';
import { readPolicy } from './policy.ts';
import { writeReport } from './tell.ts';

export interface ClusterChoice {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespaces: readonly string[];
}

export interface AuditOptions extends CommonOptions, ClusterChoice {
  /** A file to keep the snapshot in. */
  readonly save?: string;
  /** A saved snapshot to judge instead of a cluster. */
  readonly from?: string;
}

/** Judges a live cluster, or a snapshot of one. It reads, and changes nothing. */
export async function audit(options: AuditOptions, io: Io): Promise<number> {
  const startedAt = io.now();
  const policy = await readPolicy(options, [io.cwd], io);
  const checks = chosenChecks(options);
  const snapshot = options.from === undefined ? await observeCluster(options, checks, io) : replay(options.from, io);
  if (options.save !== undefined) {
    writeReport(resolve(io.cwd, options.save), saveSnapshot(snapshot, startedAt));
    io.stderr.write(`Saved the snapshot to ${options.save}.\n`);
  }
  return conclude({ command: 'audit', checks, snapshots: [snapshot], startedAt }, options, policy, io);
}

/** Observes the cluster that a person chose, with a line on stderr for one who waits at a terminal. */
export async function observeCluster(choice: ClusterChoice, checks: readonly Check[], io: Io): Promise<Snapshot> {
  const source = clusterSource({
    ...(choice.kubeconfig === undefined ? {} : { kubeconfig: resolve(io.cwd, choice.kubeconfig) }),
    ...(choice.context === undefined ? {} : { context: choice.context }),
    namespaces: choice.namespaces,
    env: io.env,
    ...(io.stderr.isTTY ? { progress: (message: string) => io.stderr.write(`  ${message}\n`) } : {}),
  });
  return refuseEmptiness(await observe(source, checks, io.signal));
}

/** An empty namespace is more often a misspelt one than a service that is ready. */
function refuseEmptiness(snapshot: Snapshot): Snapshot {
  const workloads = WORKLOAD_FACTS.map((name) => snapshot.facts[name]);
  if (workloads.every((observed) => observed?.seen === true && observed.value.length === 0))
    throw new UserError(`There is no workload in ${snapshot.target}.`, { hint: 'Check --namespace and --context.' });
  return snapshot;
}

/** Reads a saved snapshot, and says so: what it tells was true when it was recorded. */
export function replay(file: string, io: Io): Snapshot {
  const { snapshot, recordedAt } = replaySnapshot(readInput(resolve(io.cwd, file)), file);
  return { ...snapshot, target: `${snapshot.target} (replayed from ${file}, recorded ${recordedAt})` };
}
