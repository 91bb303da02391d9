import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Severity } from '../core/check.ts';
import { UserError } from '../core/errors.ts';
import type { GateConfiguration } from '../sources/configuration/gate-configuration.ts';
import { isChosen, readChoice } from './choose-applications.ts';
import { declaredProbes } from './declared-probes.ts';
import type { Io } from './io.ts';
import { chosenChecks, conclude } from './judge.ts';
import { observeSources, type SourcesChoice } from './observe-sources.ts';
import type { CommonOptions, FilesChoice, ReportTarget } from './options.ts';
import { configurationFolders, readPolicy, readReport } from './policy.ts';
import { tellPipeline } from './tell-pipeline.ts';
import { narrowing } from './validate.ts';

/** What a person gave; where the configuration says something too, this is what counts. */
export interface GateOptions extends Omit<CommonOptions, 'failOn' | 'reports'>, FilesChoice {
  readonly paths: readonly string[];
  readonly failOn?: Severity;
  readonly reports: readonly ReportTarget[];
  /** Only what is new since the branch left this ref counts. */
  readonly changedSince?: string;
}

/** Where a baseline stands that nobody had to name. */
const BASELINE = '.qna-ready/baseline.json';
/** Where GitLab's own templates put the report of code quality. */
const GITLAB_REPORT = 'gl-code-quality-report.json';

/** Decides whether a change may pass: judges all that the configuration names, in one report with one exit code. */
export async function gate(given: GateOptions, io: Io): Promise<number> {
  const startedAt = io.now();
  const { baseline: _later, ...withoutBaseline } = given;
  const configured = await readPolicy(withoutBaseline, configurationFolders(given.paths, io), io);
  const folder = configured.file === undefined ? io.cwd : dirname(resolve(io.cwd, configured.file));
  const options = withConfigured(given, configured.gate ?? {}, folder, io);
  const { baseline, paths, endpoints, cluster } = options;
  const policy = { ...configured, baseline: baseline === undefined ? undefined : await readReport(baseline, io) };
  if (paths.length === 0 && endpoints.length === 0 && cluster === undefined)
    throw new UserError('The gate was given nothing to look at.', {
      hint: `Name paths, cluster or urls below gate in ${configured.file ?? 'the configuration'}, or give paths.`,
    });
  const checks = chosenChecks(options);
  readChoice(options);
  if (isChosen(options) && paths.length === 0 && cluster === undefined)
    throw new UserError('--app and --selector choose among objects, and a URL has none.', {
      hint: 'Give manifests or a cluster beside it.',
    });
  const narrow = await narrowing(options, { checks, startedAt, policy }, io);
  const snapshots = await observeSources(options, { checks, policy, startedAt }, io);
  const settings = { ...policy.settings, ...declaredProbes(snapshots, policy.settings) };
  const run = { command: 'gate', checks, snapshots, startedAt, ...narrow };
  return conclude(run, options, { ...policy, settings }, io, tellPipeline);
}

type Options = SourcesChoice & Pick<GateOptions, 'changedSince'>;

/** The paths of the configuration are those of its folder, told as a person here would write them. */
function withConfigured(given: GateOptions, configured: GateConfiguration, folder: string, io: Io): Options {
  const { baseline, reports, ...rest } = given;
  const here = (path: string) => relative(io.cwd, resolve(folder, path)) || '.';
  const { cluster, urls = [] } = configured;
  const found = [BASELINE, here(BASELINE)].find((file) => existsSync(resolve(io.cwd, file)));
  const usedBaseline = baseline ?? (configured.baseline === undefined ? found : here(configured.baseline));
  const { context } = cluster ?? {};
  return {
    ...rest,
    paths: given.paths.length > 0 ? given.paths : (configured.paths?.map(here) ?? ['.']),
    failOn: given.failOn ?? configured.failOn ?? 'warning',
    reports: targetsIn([...reports, ...configuredTargets(configured, here)], io),
    ...(usedBaseline === undefined ? {} : { baseline: usedBaseline }),
    ...(cluster === undefined
      ? {}
      : {
          cluster: { contexts: context === undefined ? [] : [context], namespaces: cluster.namespaces ?? [] },
        }),
    endpoints: urls.map((url) => ({
      url,
      headers: [],
      insecure: false,
      http2: false,
      resolve: [],
      timeoutSeconds: 5,
      deadlineSeconds: 30,
    })),
  };
}

function configuredTargets({ reports = {} }: GateConfiguration, here: (path: string) => string): ReportTarget[] {
  return Object.entries(reports).map(([format, file]) => ({
    format: format as ReportTarget['format'],
    file: here(file),
  }));
}

/** Standard output is for whoever looks at the run: a person, or GitHub, which makes annotations of it. */
function targetsIn(reports: readonly ReportTarget[], { env }: Io): readonly ReportTarget[] {
  const targets = reports.map((target) =>
    target.format === 'gitlab' && target.file === undefined && env.GITLAB_CI === 'true'
      ? { ...target, file: GITLAB_REPORT }
      : target,
  );
  if (targets.some(({ file }) => file === undefined)) return targets;
  return [{ format: env.GITHUB_ACTIONS === 'true' ? 'github' : 'text' }, ...targets];
}
