import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { checksFor, wantedFacts } from '../core/run-checks.ts';
import { CLUSTER_FACTS, clusterSource } from '../sources/cluster/cluster-source.ts';
import { redactSnapshot } from '../sources/redact-snapshot.ts';
import { clusterOptions, refuseEmptiness } from './cluster-options.ts';
import type { Io } from './io.ts';
import { chosenChecks, conclude, observe } from './judge.ts';
import type { CommonOptions } from './options.ts';
import { readPolicy } from './policy.ts';
import { refusingSpoilt, replay, withGaps } from './replay.ts';
import { save } from './save.ts';

const DEADLINE_SECONDS = 120;

export interface ClusterChoice {
  readonly kubeconfig?: string;
  /** The current one where there is none; with several, each is a snapshot of its own. */
  readonly contexts: readonly string[];
  /** The context's own where there is none. */
  readonly namespaces: readonly string[] | 'all';
  readonly timeoutSeconds?: number;
  readonly deadlineSeconds?: number;
}

export interface AuditOptions extends CommonOptions, ClusterChoice {
  /** A file to keep the snapshot in. */
  readonly save?: string;
  /** A saved snapshot to judge instead of a cluster. */
  readonly from?: string;
  /** Judges anew whenever something changes, until all is ready. */
  readonly watch: boolean;
  /** Prints what it would have to be allowed to see, in place of looking. */
  readonly printRbac: boolean;
}

/** Judges a live cluster, or a snapshot of one. It reads, and changes nothing. */
export async function audit(options: AuditOptions, io: Io): Promise<number> {
  const now = io.now();
  const checks = chosenChecks(options);
  if (options.printRbac) return (await import('./print-rbac.ts')).printRbac(options, checks, io);
  const policy = await readPolicy(options, [io.cwd], io);
  if (options.watch) return (await import('./watch-audit.ts')).watchAudit(options, checks, policy, io);
  const snapshots =
    options.from === undefined ? await observeClusters(options, checks, now, io) : await replay(options.from, io);
  const startedAt = recordingOf(snapshots) ?? now;
  if (options.save !== undefined) await save(options.save, snapshots, startedAt, io);
  const run = { command: 'audit', checks, startedAt };
  if (options.from === undefined) return conclude({ ...run, snapshots }, options, policy, io);
  const judged = snapshots.map((snapshot) => withGaps(snapshot, checks));
  return refusingSpoilt(options.from, () => conclude({ ...run, snapshots: judged }, options, policy, io));
}

/** A replay is judged as of its recording, so that it says what was said then: waivers that had not expired, ages as they were. */
function recordingOf([first]: readonly Snapshot[]): Date | undefined {
  return first?.recordedAt === undefined ? undefined : new Date(first.recordedAt);
}

/**
 * Observes the clusters that a person chose, with a line on stderr for one who waits at a terminal. Of several, one that cannot
 * be observed is told as not seen, and the others are judged all the same.
 */
export async function observeClusters(
  choice: ClusterChoice,
  checks: readonly Check[],
  startedAt: Date,
  io: Io,
): Promise<readonly Snapshot[]> {
  const { contexts } = choice;
  const recordedAt = startedAt.toISOString();
  if (contexts.length < 2) return [{ ...(await observeCluster(choice, contexts[0], checks, io)), recordedAt }];
  return Promise.all(
    [...new Set(contexts)].map(async (context): Promise<Snapshot> => {
      try {
        return { ...(await observeCluster(choice, context, checks, io)), label: context, recordedAt };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return redactSnapshot({ ...unreached(context, checks, error.message.replace(/\.$/, '')), recordedAt });
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
  io: Io,
): Promise<Snapshot> {
  const { deadlineSeconds = DEADLINE_SECONDS } = choice;
  const source = clusterSource({ ...clusterOptions(choice, context, io), deadlineMs: deadlineSeconds * 1000 });
  return refuseEmptiness(await observe(source, checks, io.signal));
}
