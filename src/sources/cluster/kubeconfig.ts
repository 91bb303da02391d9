import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { reasonOf, UserError } from '../../core/errors.ts';

export interface ClusterAccess {
  readonly config: KubeConfig;
  readonly contextName: string;
  readonly server: string;
  /** The context's own namespace; `default` where it names none. */
  readonly namespace: string;
}

const IN_CLUSTER_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Finds the way to a cluster: a named file, KUBECONFIG, ~/.kube/config, or the pod's own service account. */
export async function loadAccess(
  options: { readonly kubeconfig?: string; readonly context?: string },
  env: Readonly<Record<string, string | undefined>>,
): Promise<ClusterAccess> {
  const files = kubeconfigFiles(options.kubeconfig, env);
  const isInCluster = existsSync(IN_CLUSTER_TOKEN) && env.KUBERNETES_SERVICE_HOST !== undefined;
  if (files.length === 0 && !isInCluster)
    throw new UserError('No kubeconfig was found.', {
      hint: 'Set KUBECONFIG, give --kubeconfig FILE, or create ~/.kube/config.',
    });
  // The package is large; nothing but a run against a cluster pays for loading it.
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config = new Config();
  try {
    if (files.length > 0) {
      for (const [index, file] of files.entries()) {
        const part = index === 0 ? config : new Config();
        part.loadFromFile(file);
        if (index > 0) config.mergeConfig(part);
      }
    } else config.loadFromCluster();
  } catch (error) {
    throw new UserError(`The kubeconfig ${files.join(delimiter)} cannot be used: ${firstLine(reasonOf(error))}.`, {
      hint: 'Try the same file with: kubectl config view.',
      cause: error,
    });
  }
  return toAccess(config, options.context);
}

function kubeconfigFiles(
  named: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  if (named !== undefined) {
    if (!existsSync(named))
      throw new UserError(`The kubeconfig ${named} does not exist.`, { hint: 'Check --kubeconfig.' });
    return [named];
  }
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) {
    const present = listed.filter((file) => existsSync(file));
    if (present.length === 0)
      throw new UserError(`KUBECONFIG names ${listed.join(' and ')}, which does not exist.`, {
        hint: 'Correct KUBECONFIG.',
      });
    return present;
  }
  const home = join(env.HOME ?? homedir(), '.kube', 'config');
  return existsSync(home) ? [home] : [];
}

/** A parser's later lines quote the file, credentials and all. */
function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

function toAccess(config: KubeConfig, wanted: string | undefined): ClusterAccess {
  const names = config.getContexts().map(({ name }) => name);
  const contextName = wanted ?? config.getCurrentContext();
  if (!names.includes(contextName))
    throw new UserError(
      contextName ? `The kubeconfig has no context ${contextName}.` : 'The kubeconfig names no current context.',
      { hint: names.length === 0 ? 'It has no context at all.' : `Choose one with --context: ${names.join(', ')}.` },
    );
  config.setCurrentContext(contextName);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new UserError(`The context ${contextName} names a cluster that the kubeconfig does not have.`, {
      hint: 'See the clusters with: kubectl config get-clusters.',
    });
  const namespace = config.getContextObject(contextName)?.namespace ?? 'default';
  return { config, contextName, server: cluster.server, namespace };
}
