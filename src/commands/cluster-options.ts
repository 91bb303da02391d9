import { resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { WORKLOAD_FACTS } from '../kubernetes/workload.ts';
import type { ClusterOptions, ProgressStep } from '../sources/cluster/cluster-source.ts';
import { parseDuration } from './duration.ts';
import type { Io } from './io.ts';
import type { ClusterChoice } from './observe-clusters.ts';
import { parseDetour, readAuthorities } from './way-to-edge.ts';

/** The way to a cluster that a person chose, and to a person who waits. */
export function clusterOptions(
  choice: ClusterChoice,
  context: string | undefined,
  io: Io,
  progress: (step: ProgressStep) => void,
): ClusterOptions {
  const { timeoutSeconds } = choice;
  return {
    ...(choice.kubeconfig === undefined ? {} : { kubeconfig: resolve(io.cwd, choice.kubeconfig) }),
    ...(context === undefined ? {} : { context }),
    namespaces: choice.namespaces,
    env: io.env,
    isInteractive: io.terminal !== undefined,
    ...(timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 }),
    progress,
  };
}

/** Read before anything is asked, so that a mistake in an option costs no run. */
export function liveOptions(
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

/** An empty namespace is more often a misspelt one than a service that is ready. */
export function refuseEmptiness(snapshot: Snapshot): Snapshot {
  if (hasNoWorkload(snapshot))
    throw new UserError(`There is no workload in ${snapshot.target}.`, { hint: 'Check --namespace and --context.' });
  return snapshot;
}

export function hasNoWorkload({ facts }: Snapshot): boolean {
  const workloads = WORKLOAD_FACTS.map((name) => facts[name]);
  return workloads.every((observed) => observed?.seen === true && observed.value.length === 0);
}
