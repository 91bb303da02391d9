import type { Command } from 'commander';
import type { ChecklistOptions } from '../commands/checklist.ts';
import type { CommonOptions } from '../commands/options.ts';
import { clusterChoice, clusterOptions, type RawCluster } from './cluster-options.ts';
import { endpointChoice, endpointOptions, type RawEndpoint } from './endpoint-options.ts';
import { filesChoice, filesOptions, type RawFiles } from './files-options.ts';
import { collect } from './values.ts';

/** All that a checklist can be told from, as commander gives it. */
export interface RawLooking extends RawFiles, RawCluster, RawEndpoint {
  readonly cluster: boolean;
  readonly snapshot?: string;
  readonly url?: string;
  readonly fromReport: readonly string[];
  readonly signoffs?: string;
}

export function lookingOptions(command: Command): Command {
  return endpointOptions(clusterOptions(filesOptions(command)))
    .option('--cluster', 'look at the cluster of the kubeconfig; --context and --namespace imply it', false)
    .option('--snapshot <file>', 'a saved snapshot in place of a cluster')
    .option('--url <url>', 'look at a running service')
    .option('--from-report <file>', 'a report that was saved with --report json=FILE; may be repeated', collect, [])
    .option('--signoffs <file>', 'the file of signatures (default: .qna-ready/signoffs.yaml)');
}

export function lookingChoice(
  paths: readonly string[],
  options: RawLooking,
): Omit<ChecklistOptions, keyof CommonOptions> {
  const { url, snapshot, ca, signoffs } = options;
  const wantsCluster =
    options.cluster ||
    options.context.length > 0 ||
    options.namespace.length > 0 ||
    options.allNamespaces ||
    options.against.length > 0;
  return {
    ...filesChoice(options),
    paths,
    ...(wantsCluster ? { cluster: { ...clusterChoice(options), ...(ca === undefined ? {} : { ca }) } } : {}),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(url === undefined ? {} : { endpoint: endpointChoice(url, options) }),
    ...(signoffs === undefined ? {} : { signoffs }),
    savedReports: options.fromReport,
  };
}
