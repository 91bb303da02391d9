import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import { findSignoffs, readSignoffs } from '../sources/configuration/signoffs-file.ts';
import { isChosen, readChoice } from './choose-applications.ts';
import { declaredProbes } from './declared-probes.ts';
import type { Io } from './io.ts';
import { chosenChecks, type Judged, judgeRun, type Run, tellJudged } from './judge.ts';
import type { ClusterChoice } from './observe-clusters.ts';
import { observeSources } from './observe-sources.ts';
import type { CommonOptions, FilesChoice } from './options.ts';
import { configurationFolders, type Policy, readPolicy, readReport } from './policy.ts';
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
  /** The file of signatures, where it is not the usual one. */
  readonly signoffs?: string;
}

/** The whole review: every item with its state and evidence, from any mix of files, cluster, endpoint and saved reports. */
export async function checklist(options: ChecklistOptions, io: Io): Promise<number> {
  const judged = await judgeAll(options, io);
  const work = () => tellJudged(judged, options, io);
  return options.snapshot === undefined ? work() : refusingSpoilt(options.snapshot, work);
}

/** The same, told to nobody. */
export async function judgeAll(options: ChecklistOptions, io: Io): Promise<Judged> {
  const { signoffs: named, paths, snapshot } = options;
  if (named !== undefined && !existsSync(resolve(io.cwd, named)))
    throw new UserError(`There is no file ${named}.`, {
      hint: 'qna-ready checklist sign makes one. Check --signoffs.',
    });
  const signoffs = await readSignoffs(findSignoffs(named, configurationFolders(paths, io), io.cwd), io.cwd);
  const { run, policy } = await gatherChecklist(options, io);
  const work = async () => judgeRun(run, options, { ...policy, signoffs });
  return snapshot === undefined ? work() : refusingSpoilt(snapshot, work);
}

/** Gathers all that a checklist is made of, and judges nothing. */
export async function gatherChecklist(
  options: ChecklistOptions,
  io: Io,
): Promise<{ readonly run: Run; readonly policy: Policy }> {
  const startedAt = io.now();
  const { paths, endpoint, savedReports } = options;
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
  return { run: { command: 'checklist', checks, snapshots, saved, startedAt }, policy: { ...policy, settings } };
}
