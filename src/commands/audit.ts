import { resolve } from 'node:path';
import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { checksFor, wantedFacts } from '../core/run-checks.ts';
import { WORKLOAD_FACTS } from '../kubernetes/workload.ts';
import { CLUSTER_FACTS, clusterSource } from '../sources/cluster/cluster-source.ts';
import type { Declarations } from '../sources/files/declarations.ts';
import { readInput } from '../sources/files/files-source.ts';
import { replaySnapshot, saveSnapshot } from '../sources/replay/snapshot-file.ts';
import { type AgainstChoice, declarationsOf } from './against.ts';
import type { Io } from './io.ts';
import { chosenChecks, conclude, observe } from './judge.ts';
import type { CommonOptions } from './options.ts';
import { readPolicy } from './policy.ts';
import { writeReport } from './tell.ts';

const DEADLINE_SECONDS = 120;

export interface ClusterChoice {
  readonly kubeconfig?: string;
  /** The current one where there is none; with several, each is a snapshot of its own. */
  readonly contexts: readonly string[];
  /** The context's own where there is none. */
  readonly namespaces: readonly string[] | 'all';
  readonly timeoutSeconds?: number;
  readonly deadlineSeconds?: number;
  /** Files that say what should be there. */
  readonly against?: AgainstChoice;
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
  refuseContradictions(options, checks);
  if (options.printRbac) return (await import('./print-rbac.ts')).printRbac(options, checks, io);
  const policy = await readPolicy(options, [io.cwd], io);
  const snapshots =
    options.from === undefined ? await observeClusters(options, checks, io) : [replay(options.from, io)];
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

function refuseContradictions({ against, from }: AuditOptions, checks: readonly Check[]): void {
  if (against !== undefined && from !== undefined)
    throw new UserError('--against asks a live cluster, and --from asks none.', {
      hint: 'A snapshot that was saved with --against holds what was found then.',
    });
  if (against === undefined && from === undefined && checks.every(({ needs }) => needs.includes('drift')))
    throw new UserError(`${checks.map(({ id }) => id).join(', ')} needs files to compare the cluster with.`, {
      hint: 'Give them with --against k8s/.',
    });
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
  const against = choice.against === undefined ? undefined : declarationsOf(choice.against, io);
  const asked = against === undefined ? checks.filter(({ needs }) => !needs.includes('drift')) : checks;
  if (contexts.length < 2) return [await observeCluster(choice, contexts[0], asked, against, io)];
  return Promise.all(
    [...new Set(contexts)].map(async (context): Promise<Snapshot> => {
      try {
        return { ...(await observeCluster(choice, context, asked, against, io)), label: context };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return unreached(context, asked, error.message.replace(/\.$/, ''));
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

async function observeCluster(
  choice: ClusterChoice,
  context: string | undefined,
  checks: readonly Check[],
  against: Declarations | undefined,
  io: Io,
): Promise<Snapshot> {
  const { timeoutSeconds, deadlineSeconds = DEADLINE_SECONDS } = choice;
  const source = clusterSource({
    ...(choice.kubeconfig === undefined ? {} : { kubeconfig: resolve(io.cwd, choice.kubeconfig) }),
    ...(context === undefined ? {} : { context }),
    namespaces: choice.namespaces,
    ...(against === undefined ? {} : { against }),
    env: io.env,
    isInteractive: io.terminal !== undefined,
    ...(timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 }),
    deadlineMs: deadlineSeconds * 1000,
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
