import { spawn } from 'node:child_process';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { reasonOf } from '../../core/errors.ts';
import { maskSecrets } from '../../core/secret-text.ts';
import type { ClusterAccess } from './kubeconfig.ts';
import { whyEnded } from './transport.ts';

/** How a kubeconfig names a program that gives credentials. */
interface Plugin {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly provideClusterInfo?: boolean;
  readonly installHint?: string;
}

interface Credential {
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
  };
}

/**
 * Asks the program that a kubeconfig names for credentials, as client-go does
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins), and gives a
 * configuration that holds them. The client library's own way gives the program no KUBERNETES_EXEC_INFO and waits for it
 * for ever. Throws Error with a sentence that quotes no credential.
 */
export async function withPluginCredentials(access: ClusterAccess, signal: AbortSignal): Promise<KubeConfig> {
  const { config } = access;
  const user = config.getCurrentUser();
  const plugin = user?.exec as Plugin | undefined;
  if (user === null || plugin === undefined) return config;
  const { status } = await runPlugin(plugin, access, signal);
  if (status?.token === undefined && status?.clientCertificateData === undefined)
    throw new Error(`the credential plugin ${plugin.command} gave neither a token nor a certificate`);
  const { exec: _plugin, ...rest } = user;
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const filled = new Config();
  filled.loadFromOptions({
    clusters: config.getClusters(),
    contexts: config.getContexts(),
    currentContext: config.getCurrentContext(),
    users: [
      {
        ...rest,
        ...(status.token === undefined ? {} : { token: status.token }),
        ...(status.clientCertificateData === undefined ? {} : { certData: encoded(status.clientCertificateData) }),
        ...(status.clientKeyData === undefined ? {} : { keyData: encoded(status.clientKeyData) }),
      },
    ],
  });
  return filled;
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

function runPlugin(plugin: Plugin, access: ClusterAccess, signal: AbortSignal): Promise<Credential> {
  const { command, args, installHint } = plugin;
  return new Promise((fulfil, reject) => {
    const fail = (reason: string, cause?: unknown) =>
      reject(new Error(`the credential plugin ${command} ${reason}`, { cause }));
    const child = spawn(locate(command, access.file), args ?? [], {
      env: { ...access.env, ...environmentOf(plugin, access) },
      // A plugin may ask a person to open a page or to type a code.
      stdio: [access.isInteractive ? 'inherit' : 'ignore', 'pipe', access.isInteractive ? 'inherit' : 'pipe'],
      signal,
    });
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) fail(`had not answered when ${whyEnded(signal)}`, error);
      else if (error.code === 'ENOENT') fail(`is not installed${installHint === undefined ? '' : `: ${installHint}`}`);
      else fail(`cannot be run: ${reasonOf(error)}`, error);
    });
    child.on('close', (code) => {
      if (code !== 0) {
        const said = Buffer.concat(complaints).toString('utf8').trim().split('\n').at(-1) ?? '';
        fail(`ended with code ${code}${said === '' ? '' : `: ${maskSecrets(said).slice(0, 200)}`}`);
        return;
      }
      try {
        fulfil(JSON.parse(Buffer.concat(out).toString('utf8')) as Credential);
      } catch (cause) {
        fail('gave something else than JSON', cause);
      }
    });
  });
}

/** A relative command is meant from the folder of the kubeconfig, a bare one is looked for in PATH. */
function locate(command: string, file: string | undefined): string {
  if (isAbsolute(command) || !command.includes('/') || file === undefined) return command;
  return resolve(dirname(file), command);
}

function environmentOf(plugin: Plugin, { config, isInteractive }: ClusterAccess): Readonly<Record<string, string>> {
  const cluster = config.getCurrentCluster();
  const info = {
    apiVersion: plugin.apiVersion ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: {
      interactive: isInteractive,
      ...(plugin.provideClusterInfo === true && cluster !== null
        ? {
            cluster: {
              server: cluster.server,
              ...(cluster.caData === undefined ? {} : { 'certificate-authority-data': cluster.caData }),
              ...(cluster.tlsServerName === undefined ? {} : { 'tls-server-name': cluster.tlsServerName }),
              ...(cluster.skipTLSVerify ? { 'insecure-skip-tls-verify': true } : {}),
            },
          }
        : {}),
    },
  };
  return {
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
    ...Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value])),
  };
}
