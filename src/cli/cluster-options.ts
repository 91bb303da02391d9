import { type Command, Option } from 'commander';
import { chartsChoice, type RawCharts } from './files-options.ts';
import { collect, collectWhole } from './values.ts';

export interface RawCluster {
  readonly kubeconfig?: string;
  readonly context: readonly string[];
  readonly namespace: readonly string[];
  readonly allNamespaces: boolean;
  readonly against: readonly string[];
  readonly logsSince: string;
  readonly connectTo: readonly string[];
}

export function clusterOptions(command: Command): Command {
  return command
    .optionsGroup('Cluster:')
    .option('--kubeconfig <file>', 'the kubeconfig (default: KUBECONFIG or ~/.kube/config)')
    .option(
      '--context <name>',
      'a context of the kubeconfig (default: its current one); may be repeated, for several clusters',
      collect,
      [],
    )
    .option('-n, --namespace <name>', "a namespace (default: the context's own); may be repeated", collect, [])
    .addOption(new Option('-A, --all-namespaces', 'every namespace').default(false).conflicts('namespace'))
    .option('--logs-since <duration>', 'judge the log lines of so long before now, such as 90s, 15m or 2h', '10m')
    .option(
      '--connect-to <host:port:address:port>',
      'connect to this address and port for that host and port of the edge, as curl does; may be repeated',
      collectWhole,
      [],
    )
    .option(
      '--against <path>',
      'files, folders, kustomizations or charts that say what should be there: tells what differs; may be repeated',
      collect,
      [],
    )
    .optionsGroup('');
}

export function clusterChoice({
  kubeconfig,
  context,
  namespace,
  allNamespaces,
  against,
  logsSince,
  connectTo,
  ...charts
}: RawCluster & RawCharts) {
  return {
    logsSince,
    connectTo,
    ...(against.length === 0 ? {} : { against: { paths: against, charts: chartsChoice(charts) } }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    contexts: context,
    namespaces: allNamespaces ? ('all' as const) : namespace,
  };
}
