import { UserError } from '../core/errors.ts';
import { isChosen, readChoice } from './choose-applications.ts';
import { declaredProbes } from './declared-probes.ts';
import type { Io } from './io.ts';
import { chosenChecks, conclude } from './judge.ts';
import type { ClusterChoice } from './observe-clusters.ts';
import { observeSources } from './observe-sources.ts';
import type { CommonOptions, FilesChoice } from './options.ts';
import { configurationFolders, readPolicy, readReport } from './policy.ts';
import type { EndpointChoice } from './probe.ts';
import { refusingSpoilt } from './replay.ts';

export interface ChecklistOptions extends CommonOptions, FilesChoice {
  readonly paths: readonly string[];
  readonly cluster?: ClusterChoice;
  /** A saved snapshot in place of a cluster. */
  readonly snapshot?: string;
  readonly endpoint?: EndpointChoice;
  /** Reports of earlier runs, as JSON. */
  readonly savedReports: readonly string[];
}

/** The whole review: every item with its state and evidence, from any mix of files, cluster, endpoint and saved reports. */
export async function checklist(options: ChecklistOptions, io: Io): Promise<number> {
  const startedAt = io.now();
  const { paths, snapshot, endpoint, savedReports } = options;
  const policy = await readPolicy(options, configurationFolders(paths, io), io);
  const checks = chosenChecks(options);
  readChoice(options);
  const snapshots = await observeSources(
    { ...options, endpoints: endpoint === undefined ? [] : [endpoint] },
    { checks, policy, startedAt },
    io,
  );
  const saved = await Promise.all(savedReports.map((file) => readReport(file, io)));
  if (snapshots.length === 0 && saved.length === 0)
    throw new UserError('The checklist was given nothing to look at.', {
      hint: 'Give manifests (qna-ready checklist k8s/), --cluster, --url URL, or --from-report FILE.',
    });
  if (isChosen(options) && snapshots.every(({ source }) => source === 'endpoint'))
    throw new UserError('--app and --selector choose among objects, and neither a URL nor a saved report has any.', {
      hint: 'Give manifests, --cluster or --snapshot FILE beside them.',
    });
  const settings = { ...policy.settings, ...declaredProbes(snapshots, policy.settings) };
  const run = { command: 'checklist', checks, snapshots, saved, startedAt };
  const work = () => conclude(run, options, { ...policy, settings }, io);
  return snapshot === undefined ? work() : refusingSpoilt(snapshot, work);
}
