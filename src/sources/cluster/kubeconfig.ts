import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { reasonOf, UserError } from '../../core/errors.ts';
import { proxyOf } from './proxy-of.ts';

export interface ClusterAccess {
  readonly config: KubeConfig;
  readonly contextName: string;
  readonly server: string;
  /** The context's own namespace; `default` where it names none. */
  readonly namespace: string;
  /** The kubeconfig; undefined in a pod. */
  readonly file: string | undefined;
  readonly env: Environment;
  /** A person sits in front of it, whom a credential plugin may ask. */
  readonly isInteractive: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface AccessOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly isInteractive?: boolean;
  /** Where a pod finds its service account. */
  readonly serviceAccountFolder?: string;
}

const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Finds the way to a cluster: a named file, KUBECONFIG, ~/.kube/config, or the pod's own service account. */
export async function loadAccess(options: AccessOptions, env: Environment): Promise<ClusterAccess> {
  const { serviceAccountFolder = SERVICE_ACCOUNT_FOLDER } = options;
  const files = kubeconfigFiles(options.kubeconfig, env);
  const isInCluster = existsSync(join(serviceAccountFolder, 'token')) && env.KUBERNETES_SERVICE_HOST !== undefined;
  if (files.length === 0 && !isInCluster)
    throw new UserError('No kubeconfig was found.', {
      hint: 'Set KUBECONFIG, give --kubeconfig FILE, or create ~/.kube/config.',
    });
  // The package is large; nothing but a run against a cluster pays for loading it.
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config = new Config();
  try {
    if (files.length > 0) {
      const parts = files.map((file) => {
        const part = new Config();
        part.loadFromFile(file);
        return part;
      });
      config.loadFromOptions(merge(parts));
    } else config.loadFromOptions(serviceAccountOptions(serviceAccountFolder, env));
  } catch (error) {
    throw new UserError(`The kubeconfig ${files.join(delimiter)} cannot be used: ${firstLine(reasonOf(error))}.`, {
      hint: 'Try the same file with: kubectl config view.',
      cause: error,
    });
  }
  return {
    ...toAccess(config, options.context, env),
    file: files[0],
    env,
    isInteractive: options.isInteractive ?? false,
  };
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

/** Of what several files name alike, the first counts, as kubectl has it. */
function merge(parts: readonly KubeConfig[]) {
  const firsts = <T extends { readonly name: string }>(all: readonly T[]): T[] => [
    ...new Map(all.toReversed().map((each) => [each.name, each])).values(),
  ];
  return {
    clusters: firsts(parts.flatMap((part) => part.getClusters())),
    users: firsts(parts.flatMap((part) => part.getUsers())),
    contexts: firsts(parts.flatMap((part) => part.getContexts())),
    currentContext: parts.map((part) => part.getCurrentContext()).find((name) => Boolean(name)) ?? '',
  };
}

/** What the kubelet gives every pod (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/). */
function serviceAccountOptions(folder: string, env: Environment) {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = env;
  const namespaceFile = join(folder, 'namespace');
  const name = 'in-cluster';
  return {
    clusters: [
      {
        name,
        caFile: join(folder, 'ca.crt'),
        server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
        skipTLSVerify: false,
      },
    ],
    // The kubelet writes the token anew before it expires, so that the file is read and not its content kept.
    users: [{ name, authProvider: { name: 'tokenFile', config: { tokenFile: join(folder, 'token') } } }],
    contexts: [
      {
        name,
        cluster: name,
        user: name,
        ...(existsSync(namespaceFile) ? { namespace: readFileSync(namespaceFile, 'utf8').trim() } : {}),
      },
    ],
    currentContext: name,
  };
}

function toAccess(
  config: KubeConfig,
  wanted: string | undefined,
  env: Environment,
): Pick<ClusterAccess, 'config' | 'contextName' | 'server' | 'namespace'> {
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
  const proxy = cluster.proxyUrl ?? proxyOf(cluster.server, env);
  if (proxy !== undefined) Object.assign(cluster, { proxyUrl: proxy });
  const namespace = config.getContextObject(contextName)?.namespace ?? 'default';
  return { config, contextName, server: cluster.server, namespace };
}
