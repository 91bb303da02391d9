import type { Check } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { readChoice } from './choose-applications.ts';
import type { Io } from './io.ts';
import { chosenChecks, type Judged, judgeRun, tellJudged } from './judge.ts';
import { type ClusterChoice, observeClusters, withoutDrift } from './observe-clusters.ts';
import type { CommonOptions } from './options.ts';
import { readPolicy } from './policy.ts';
import { refusingSpoilt, replay, withGaps } from './replay.ts';
import { save } from './save.ts';

export interface ClusterQuestion extends CommonOptions, ClusterChoice {
  /** A file to keep the snapshot in. */
  readonly save?: string;
  /** A saved snapshot to judge instead of a cluster. */
  readonly from?: string;
}

export interface AuditOptions extends ClusterQuestion {
  /** Judges anew whenever something changes, until all is ready. */
  readonly watch: boolean;
  /** Prints what it would have to be allowed to see, in place of looking. */
  readonly printRbac: boolean;
}

/** Judges a live cluster, or a snapshot of one. It reads, and changes nothing. */
export async function audit(options: AuditOptions, io: Io): Promise<number> {
  if (options.printRbac) {
    const checks = chosenChecks(options);
    refuseContradictions(options, checks);
    return (await import('./print-rbac.ts')).printRbac(options, checks, io);
  }
  if (options.watch) {
    const { checks, policy, choice } = await readQuestion(options, io);
    return (await import('./watch-audit.ts')).watchAudit({ ...options, ...choice }, withoutDrift(checks), policy, io);
  }
  const judged = await judgeCluster(options, io);
  const work = () => tellJudged(judged, options, io);
  return options.from === undefined ? work() : refusingSpoilt(options.from, work);
}

/** What a cluster is worth, or a snapshot of one, told to nobody. */
export async function judgeCluster(options: ClusterQuestion, io: Io): Promise<Judged> {
  const now = io.now();
  const { checks, policy, choice } = await readQuestion(options, io);
  const snapshots =
    options.from === undefined
      ? await observeClusters(choice, { checks, applications: options, verbose: options.verbose, startedAt: now }, io)
      : await replay(options.from, io);
  const startedAt = recordingOf(snapshots) ?? now;
  if (options.save !== undefined) await save(options.save, snapshots, startedAt, io);
  const run = { command: 'audit', checks, startedAt };
  if (options.from === undefined) return judgeRun({ ...run, snapshots }, options, policy);
  const judged = snapshots.map((snapshot) => withGaps(snapshot, checks));
  return refusingSpoilt(options.from, async () => judgeRun({ ...run, snapshots: judged }, options, policy));
}

/** All that a person said, read before anything is asked. */
async function readQuestion(options: ClusterQuestion, io: Io) {
  const checks = chosenChecks(options);
  refuseContradictions(options, checks);
  const policy = await readPolicy(options, [io.cwd], io);
  readChoice(options);
  return { checks, policy, choice: { ...options, metricsPath: policy.settings.paths.metrics } };
}

/** A replay is judged as of its recording, so that it says what was said then: waivers that had not expired, ages as they were. */
function recordingOf([first]: readonly Snapshot[]): Date | undefined {
  return first?.recordedAt === undefined ? undefined : new Date(first.recordedAt);
}

function refuseContradictions(
  { against, from, watch }: ClusterQuestion & Partial<Pick<AuditOptions, 'watch'>>,
  checks: readonly Check[],
): void {
  if (against !== undefined && from !== undefined)
    throw new UserError('--against asks a live cluster, and --from asks none.', {
      hint: 'A snapshot that was saved with --against holds what was found then.',
    });
  if (against !== undefined && watch === true)
    throw new UserError('--watch follows what runs, and --against compares it with files once.', {
      hint: 'Run audit --against when the rollout is over.',
    });
  if (against === undefined && from === undefined && checks.every(({ needs }) => needs.includes('drift')))
    throw new UserError(`${checks.map(({ id }) => id).join(', ')} needs files to compare the cluster with.`, {
      hint: 'Give them with --against k8s/.',
    });
}
