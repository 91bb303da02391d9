import { type Command, Option } from 'commander';
import { collect } from './values.ts';

export interface RawCluster {
  readonly kubeconfig?: string;
  readonly context: readonly string[];
  readonly namespace: readonly string[];
  readonly allNamespaces: boolean;
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
    .addOption(new Option('-A, --all-namespaces', 'every namespace').default(false).conflicts('namespace'));
}

export function clusterChoice({ kubeconfig, context, namespace, allNamespaces }: RawCluster) {
  return {
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    contexts: context,
    namespaces: allNamespaces ? ('all' as const) : namespace,
  };
}
