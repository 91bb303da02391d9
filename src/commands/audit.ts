import { resolve } from 'node:path';
import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { checksFor, wantedFacts } from '../core/run-checks.ts';
import { WORKLOAD_FACTS } from '../kubernetes/workload.ts';
import { CLUSTER_FACTS, type ClusterOptions, clusterSource } from '../sources/cluster/cluster-source.ts';
import { readInput } from '../sources/files/files-source.ts';
import { replaySnapshot, saveSnapshot } from '../sources/replay/snapshot-file.ts';
import { parseDuration } from './duration.ts';
import type { Io } from './io.ts';
import { chosenChecks, conclude, observe } from './judge.ts';
import type { CommonOptions } from './options.ts';
import { readPolicy } from './policy.ts';
import { writeReport } from './tell.ts';
import { parseDetour, readAuthorities } from './way-to-edge.ts';

const DEADLINE_SECONDS = 120;

export interface ClusterChoice {
  readonly kubeconfig?: string;
  /** The current one where there is none; with several, each is a snapshot of its own. */
  readonly contexts: readonly string[];
  /** The context's own where there is none. */
  readonly namespaces: readonly string[] | 'all';
  readonly timeoutSeconds?: number;
  readonly deadlineSeconds?: number;
  /** `15m`: the log lines that are judged. */
  readonly logsSince?: string;
  /** `HOST:PORT:ADDRESS:PORT`: the way to the edge. */
  readonly connectTo?: readonly string[];
  /** A file with certificates to trust at the edge beside the usual ones, in PEM. */
  readonly ca?: string;
  /** Where pages of metrics are looked for that nothing declares. */
  readonly metricsPath?: string;
}

export interface AuditOptions extends CommonOptions, ClusterChoice {
  /** A file to keep the snapshot in. */
  readonly save?: string;
  /** A saved snapshot to judge instead of a cluster. */
  readonly from?: string;
  /** Prints what it would have to be allowed to see, in place of looking. */
  readonly printRbac: boolean;
}

/** Judges a live cluster, or a snapshot of one. It reads, and changes nothing. */
export async function audit(options: AuditOptions, io: Io): Promise<number> {
  const startedAt = io.now();
  const checks = chosenChecks(options);
  if (options.printRbac) return (await import('./print-rbac.ts')).printRbac(options, checks, io);
  const policy = await readPolicy(options, [io.cwd], io);
  const choice = { ...options, metricsPath: policy.settings.paths.metrics };
  const snapshots = options.from === undefined ? await observeClusters(choice, checks, io) : [replay(options.from, io)];
  const [snapshot] = snapshots;
  if (options.save !== undefined && snapshot !== undefined) {
    if (snapshots.length > 1)
      throw new UserError('--save keeps the snapshot of one context, and several were given.', {
        hint: 'Run it once for each --context.',
      });
    writeReport(resolve(io.cwd, options.save), saveSnapshot(snapshot, startedAt));
    io.stderr.write(`Saved the snapshot to ${options.save}.\n`);
  }
  return conclude({ command: 'audit', checks, snapshots, startedAt }, options, policy, io);
}

/**
 * Observes the clusters that a person chose, with a line on stderr for one who waits at a terminal. Of several, one that cannot
 * be observed is told as not seen, and the others are judged all the same.
 */
export async function observeClusters(
  choice: ClusterChoice,
  checks: readonly Check[],
  io: Io,
): Promise<readonly Snapshot[]> {
  const { contexts } = choice;
  const live = liveOptionsOf(choice, io);
  if (contexts.length < 2) return [await observeCluster(choice, live, contexts[0], checks, io)];
  return Promise.all(
    [...new Set(contexts)].map(async (context): Promise<Snapshot> => {
      try {
        return { ...(await observeCluster(choice, live, context, checks, io)), label: context };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return unreached(context, checks, error.message.replace(/\.$/, ''));
      }
    }),
  );
}

/** A context of which nothing is known: every question about it is open. */
function unreached(context: string, checks: readonly Check[], reason: string): Snapshot {
  const target = `context ${context}`;
  const facts = [...wantedFacts(checksFor(checks, { name: 'cluster', provides: CLUSTER_FACTS }))].map((fact) => [
    fact,
    { seen: false, reason },
  ]);
  return {
    source: 'cluster',
    target,
    facts: Object.fromEntries(facts) as Snapshot['facts'],
    notSeen: [{ what: target, reason }],
    label: context,
  };
}

/** Read before anything is asked, so that a mistake in an option costs no run. */
function liveOptionsOf(
  { logsSince, connectTo = [], ca, metricsPath }: ClusterChoice,
  io: Io,
): NonNullable<ClusterOptions['live']> {
  return {
    connectTo: connectTo.map(parseDetour),
    ...(logsSince === undefined ? {} : { logsSinceSeconds: parseDuration('--logs-since', logsSince) }),
    ...(ca === undefined ? {} : { ca: readAuthorities(ca, io) }),
    ...(metricsPath === undefined ? {} : { metricsPath }),
  };
}

async function observeCluster(
  choice: ClusterChoice,
  live: ReturnType<typeof liveOptionsOf>,
  context: string | undefined,
  checks: readonly Check[],
  io: Io,
): Promise<Snapshot> {
  const { timeoutSeconds, deadlineSeconds = DEADLINE_SECONDS } = choice;
  const source = clusterSource({
    ...(choice.kubeconfig === undefined ? {} : { kubeconfig: resolve(io.cwd, choice.kubeconfig) }),
    ...(context === undefined ? {} : { context }),
    namespaces: choice.namespaces,
    env: io.env,
    isInteractive: io.terminal !== undefined,
    ...(timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 }),
    deadlineMs: deadlineSeconds * 1000,
    live,
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
