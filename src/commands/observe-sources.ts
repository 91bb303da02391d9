import type { Check } from '../core/check.ts';
import type { Snapshot } from '../core/facts.ts';
import { filesSource } from '../sources/files/files-source.ts';
import type { Io } from './io.ts';
import { observe } from './judge.ts';
import type { ClusterChoice } from './observe-clusters.ts';
import type { CommonOptions, FilesChoice } from './options.ts';
import type { Policy } from './policy.ts';
import type { EndpointChoice } from './probe.ts';

/** Everything that one run looks at. */
export interface SourcesChoice extends CommonOptions, FilesChoice {
  readonly paths: readonly string[];
  readonly cluster?: ClusterChoice;
  /** A saved snapshot in place of a cluster. */
  readonly snapshot?: string;
  readonly endpoints: readonly EndpointChoice[];
}

/** Observes files, clusters, a saved snapshot and endpoints, one after the other, as far as each was given. */
export async function observeSources(
  options: SourcesChoice,
  {
    checks,
    policy,
    startedAt,
  }: { readonly checks: readonly Check[]; readonly policy: Policy; readonly startedAt: Date },
  io: Io,
): Promise<readonly Snapshot[]> {
  const { paths, cluster, snapshot, endpoints } = options;
  const snapshots: Snapshot[] = [];
  if (paths.length > 0)
    snapshots.push(
      await observe(filesSource({ ...options, cwd: io.cwd, stdin: io.stdin }), checks, io.signal, options),
    );
  const metricsPath = policy.settings.paths.metrics;
  // Most runs look at one kind of thing, and need not wait for what looks at the others to load.
  if (cluster !== undefined) {
    const { observeClusters } = await import('./observe-clusters.ts');
    const look = { checks, applications: options, verbose: options.verbose, startedAt };
    snapshots.push(...(await observeClusters({ ...cluster, metricsPath }, look, io)));
  }
  if (snapshot !== undefined) {
    const { replay, withGaps } = await import('./replay.ts');
    snapshots.push(...(await replay(snapshot, io)).map((recorded) => withGaps(recorded, checks)));
  }
  if (endpoints.length > 0) {
    const [{ observeEndpoints }, { observeEndpoint }] = await Promise.all([
      import('./observe-endpoints.ts'),
      import('./probe.ts'),
    ]);
    const observeOne = (choice: EndpointChoice) => observeEndpoint(choice, checks, policy.settings, io);
    snapshots.push(...(await observeEndpoints(endpoints, checks, observeOne)));
  }
  return snapshots;
}
