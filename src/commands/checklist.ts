import { UserError } from '../core/errors.ts';
import type { Snapshot } from '../core/facts.ts';
import { filesSource } from '../sources/files/files-source.ts';
import { isChosen, readChoice } from './choose-applications.ts';
import { declaredProbes } from './declared-probes.ts';
import type { Io } from './io.ts';
import { chosenChecks, type Judged, judgeRun, observe, tellJudged } from './judge.ts';
import { type ClusterChoice, observeClusters } from './observe-clusters.ts';
import type { CommonOptions, FilesChoice } from './options.ts';
import { readPolicy, readReport } from './policy.ts';
import { type EndpointChoice, observeEndpoint } from './probe.ts';
import { refusingSpoilt, replay, withGaps } from './replay.ts';
import { configurationFolders } from './validate.ts';

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
  const judged = await judgeAll(options, io);
  const work = () => tellJudged(judged, options, io);
  return options.snapshot === undefined ? work() : refusingSpoilt(options.snapshot, work);
}

/** The same, told to nobody. */
export async function judgeAll(options: ChecklistOptions, io: Io): Promise<Judged> {
  const startedAt = io.now();
  const { paths, cluster, snapshot, endpoint, savedReports } = options;
  const policy = await readPolicy(options, configurationFolders(paths, io), io);
  const checks = chosenChecks(options);
  readChoice(options);
  const snapshots: Snapshot[] = [];
  if (paths.length > 0)
    snapshots.push(
      await observe(filesSource({ ...options, cwd: io.cwd, stdin: io.stdin }), checks, io.signal, options),
    );
  const metricsPath = policy.settings.paths.metrics;
  if (cluster !== undefined)
    snapshots.push(
      ...(await observeClusters(
        { ...cluster, metricsPath },
        { checks, applications: options, verbose: options.verbose, startedAt },
        io,
      )),
    );
  if (snapshot !== undefined)
    snapshots.push(...(await replay(snapshot, io)).map((recorded) => withGaps(recorded, checks)));
  if (endpoint !== undefined) snapshots.push(await observeEndpoint(endpoint, checks, policy.settings, io));
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
  const work = async () => judgeRun(run, options, { ...policy, settings });
  return snapshot === undefined ? work() : refusingSpoilt(snapshot, work);
}
