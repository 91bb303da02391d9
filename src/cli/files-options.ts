import { type Command, Option } from 'commander';
import type { FilesChoice } from '../commands/options.ts';
import { SCHEMA_VERSIONS, type SchemaVersion } from '../core/api-schemas.ts';
import { collect } from './values.ts';

export interface RawFiles extends RawCharts {
  readonly kubernetes?: SchemaVersion;
  readonly crds: readonly string[];
}

export interface RawCharts {
  readonly helmValues: readonly string[];
  readonly helmNamespace?: string;
}

/** Of the commands that judge files to hold up a change. */
export const CHANGED_SINCE = [
  '--changed-since <ref>',
  'count only what is new since the branch left this commit, branch or tag, such as origin/main; both states are judged',
] as const;

export function filesOptions(command: Command): Command {
  command
    .addOption(
      new Option('--kubernetes <version>', 'the version whose API server the manifests are meant for')
        .choices(SCHEMA_VERSIONS)
        .default(SCHEMA_VERSIONS[0]),
    )
    .option('--crds <path>', 'a file or folder that defines custom resources; may be repeated', collect, []);
  return chartOptions(command);
}

export function chartOptions(command: Command): Command {
  return command
    .option('--helm-values <file>', 'values for the Helm charts among the files; may be repeated', collect, [])
    .option('--helm-namespace <name>', 'the namespace that the Helm charts will be installed in');
}

export function filesChoice({ kubernetes, crds, ...charts }: RawFiles): FilesChoice {
  return {
    ...(kubernetes === undefined ? {} : { kubernetes }),
    definitions: crds,
    charts: chartsChoice(charts),
  };
}

export function chartsChoice({ helmValues, helmNamespace }: RawCharts): FilesChoice['charts'] {
  return { values: helmValues, ...(helmNamespace === undefined ? {} : { namespace: helmNamespace }) };
}
