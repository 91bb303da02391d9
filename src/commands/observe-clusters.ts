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
import type { ApplicationChoice } from './choose-applications.ts';
import { clusterOptions, liveOptions, refuseEmptiness } from './cluster-options.ts';
import type { Io } from './io.ts';
import { observe } from './judge.ts';
import { tellProgress } from './progress.ts';

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

/** What is looked for in a cluster, and who waits for it. */
export interface Look {
  readonly checks: readonly Check[];
  readonly applications: ApplicationChoice;
  readonly verbose: boolean;
  readonly startedAt: Date;
}

/** Without files to compare with there is no question of drift. */
export function withoutDrift(checks: readonly Check[]): readonly Check[] {
  return checks.filter(({ needs }) => !needs.includes('drift'));
}

/**
 * Observes the clusters that a person chose, and tells on stderr how it goes. Of several, one that cannot be observed is told as
 * not seen, and the others are judged all the same.
 */
export async function observeClusters(choice: ClusterChoice, look: Look, io: Io): Promise<readonly Snapshot[]> {
  const { contexts } = choice;
  const against = choice.against === undefined ? undefined : declarationsOf(choice.against, io);
  const asked = against === undefined ? { ...look, checks: withoutDrift(look.checks) } : look;
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
