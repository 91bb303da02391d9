import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { checksFor, wantedFacts } from '../core/run-checks.ts';
import {
  CLUSTER_FACTS,
  type ClusterOptions,
  clusterSource,
  type ProgressStep,
} from '../sources/cluster/cluster-source.ts';
import type { Declarations } from '../sources/files/declarations.ts';
import { redactSnapshot } from '../sources/redact-snapshot.ts';
import { type AgainstChoice, declarationsOf } from './against.ts';
import { type ApplicationChoice, readChoice } from './choose-applications.ts';
import { clusterOptions, liveOptions, refuseEmptiness } from './cluster-options.ts';
import type { Io } from './io.ts';
import { chosenChecks, conclude, observe } from './judge.ts';
import type { CommonOptions } from './options.ts';
import { readPolicy } from './policy.ts';
import { tellProgress } from './progress.ts';
import { replay, withGaps } from './replay.ts';
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
  /** Files that say what should be there. */
  readonly against?: AgainstChoice;
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
  /** Judges anew whenever something changes, until all is ready. */
  readonly watch: boolean;
  /** Prints what it would have to be allowed to see, in place of looking. */
  readonly printRbac: boolean;
}

/** Judges a live cluster, or a snapshot of one. It reads, and changes nothing. */
export async function audit(options: AuditOptions, io: Io): Promise<number> {
  const now = io.now();
  const checks = chosenChecks(options);
  refuseContradictions(options, checks);
  if (options.printRbac) return (await import('./print-rbac.ts')).printRbac(options, checks, io);
  const policy = await readPolicy(options, [io.cwd], io);
  readChoice(options);
  const choice = { ...options, metricsPath: policy.settings.paths.metrics };
  if (options.watch) return (await import('./watch-audit.ts')).watchAudit(choice, checks, policy, io);
  const snapshots =
    options.from === undefined
      ? await observeClusters(choice, { checks, applications: options, verbose: options.verbose, startedAt: now }, io)
      : await replay(options.from, io);
  const startedAt = recordingOf(snapshots) ?? now;
  if (options.save !== undefined) await save(options.save, snapshots, startedAt, io);
  const judged = options.from === undefined ? snapshots : snapshots.map((snapshot) => withGaps(snapshot, checks));
  return conclude({ command: 'audit', checks, snapshots: judged, startedAt }, options, policy, io);
}

/** A replay is judged as of its recording, so that it says what was said then: waivers that had not expired, ages as they were. */
function recordingOf([first]: readonly Snapshot[]): Date | undefined {
  return first?.recordedAt === undefined ? undefined : new Date(first.recordedAt);
}

/** What is looked for in a cluster, and who waits for it. */
export interface Look {
  readonly checks: readonly Check[];
  readonly applications: ApplicationChoice;
  readonly verbose: boolean;
  readonly startedAt: Date;
}

/** Without files to compare with there is no question of drift. */
function withoutDrift({ checks, ...look }: Look): Look {
  return { ...look, checks: checks.filter(({ needs }) => !needs.includes('drift')) };
}

function refuseContradictions({ against, from, watch }: AuditOptions, checks: readonly Check[]): void {
  if (against !== undefined && from !== undefined)
    throw new UserError('--against asks a live cluster, and --from asks none.', {
      hint: 'A snapshot that was saved with --against holds what was found then.',
    });
  if (against !== undefined && watch)
    throw new UserError('--watch follows what runs, and --against compares it with files once.', {
      hint: 'Run audit --against when the rollout is over.',
    });
  if (against === undefined && from === undefined && checks.every(({ needs }) => needs.includes('drift')))
    throw new UserError(`${checks.map(({ id }) => id).join(', ')} needs files to compare the cluster with.`, {
      hint: 'Give them with --against k8s/.',
    });
}

/**
 * Observes the clusters that a person chose, and tells on stderr how it goes. Of several, one that cannot be observed is told as
 * not seen, and the others are judged all the same.
 */
export async function observeClusters(choice: ClusterChoice, look: Look, io: Io): Promise<readonly Snapshot[]> {
  const { contexts } = choice;
  const against = choice.against === undefined ? undefined : declarationsOf(choice.against, io);
  const asked = against === undefined ? withoutDrift(look) : look;
  const live = liveOptions(choice, io);
  const progress = tellProgress(io, look.verbose);
  const recordedAt = look.startedAt.toISOString();
  try {
    if (contexts.length < 2)
      return [
        {
          ...(await observeCluster(choice, contexts[0], asked, { live, against }, progress.of(undefined), io)),
          recordedAt,
        },
      ];
    return await Promise.all(
      [...new Set(contexts)].map(async (context): Promise<Snapshot> => {
        try {
          const snapshot = await observeCluster(choice, context, asked, { live, against }, progress.of(context), io);
          return { ...snapshot, label: context, recordedAt };
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          return redactSnapshot({ ...unreached(context, asked.checks, error.message.replace(/\.$/, '')), recordedAt });
        }
      }),
    );
  } finally {
    progress.end();
  }
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

/** What the options say of the way, read before anything is asked. */
interface Way {
  readonly live: NonNullable<ClusterOptions['live']>;
  readonly against: Declarations | undefined;
}

async function observeCluster(
  choice: ClusterChoice,
  context: string | undefined,
  { checks, applications }: Look,
  { live, against }: Way,
  progress: (step: ProgressStep) => void,
  io: Io,
): Promise<Snapshot> {
  const { deadlineSeconds = DEADLINE_SECONDS } = choice;
  const options = {
    ...clusterOptions(choice, context, io, progress),
    live,
    ...(against === undefined ? {} : { against }),
  };
  const source = clusterSource({ ...options, deadlineMs: deadlineSeconds * 1000 });
  return refuseEmptiness(await observe(source, checks, io.signal, applications));
}
