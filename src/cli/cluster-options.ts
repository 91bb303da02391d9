import { type Command, Option } from 'commander';
import { chartsChoice, type RawCharts } from './files-options.ts';
import { collect } from './values.ts';

export interface RawCluster {
  readonly kubeconfig?: string;
  readonly context: readonly string[];
  readonly namespace: readonly string[];
  readonly allNamespaces: boolean;
  readonly against: readonly string[];
}

export function clusterOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the kubeconfig (default: KUBECONFIG or ~/.kube/config)')
    .option(
      '--context <name>',
      'a context of the kubeconfig (default: its current one); may be repeated, for several clusters',
      collect,
      [],
    )
    .option('-n, --namespace <name>', "a namespace (default: the context's own); may be repeated", collect, [])
    .addOption(new Option('-A, --all-namespaces', 'every namespace').default(false).conflicts('namespace'))
    .option(
      '--against <path>',
      'files, folders, kustomizations or charts that say what should be there: tells what differs; may be repeated',
      collect,
      [],
    );
}

export function clusterChoice({
  kubeconfig,
  context,
  namespace,
  allNamespaces,
  against,
  ...charts
}: RawCluster & RawCharts) {
  return {
    ...(against.length === 0 ? {} : { against: { paths: against, charts: chartsChoice(charts) } }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    contexts: context,
    namespaces: allNamespaces ? ('all' as const) : namespace,
  };
}
