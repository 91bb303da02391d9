import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { reasonOf, UserError } from '../../core/errors.ts';
import type { Pod } from '../../core/objects.ts';
import { connect, DEFAULT_TIMEOUT_MS } from './api.ts';
import { ApiError } from './api-error.ts';
import { withPluginCredentials } from './credential-plugin.ts';
import { type AccessOptions, loadAccess } from './kubeconfig.ts';

/** A pod, as a person names it. */
export interface PodAddress {
  /** The context's own where none is given. */
  readonly namespace?: string;
  readonly name: string;
  /** Its only port, or the one called `http`, where none is given. */
  readonly port?: number;
}

/** A port of a pod that can be reached on loopback for as long as it is open. */
export interface ForwardedPort {
  /** `http://127.0.0.1:41234`. */
  readonly url: string;
  /** `http://prod/qna-0:8080`: what it leads to, as the requests of an audit name a pod. */
  readonly shown: string;
  /** What the kubelet said of the first connection that it could not make; undefined where it made all of them. */
  complaint(): string | undefined;
  close(): Promise<void>;
}

export interface ForwardOptions extends AccessOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
}

/**
 * Forwards a port of a pod to a free one on loopback, through the API server and the kubelet
 * (https://kubernetes.io/docs/reference/kubectl/generated/kubectl_port-forward/), as `kubectl port-forward` does. It takes the right to get the pod, and
 * to create `pods/portforward` in its namespace. Every connection is a stream of its own. Throws UserError where there is no
 * such pod or port, or where the server does not allow it.
 */
export async function forwardPort(
  pod: PodAddress,
  options: ForwardOptions,
  signal: AbortSignal,
): Promise<ForwardedPort> {
  const access = await loadAccess(options, options.env);
  const namespace = pod.namespace ?? access.namespace;
  const api = await connect(access, { timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, signal });
  let object: Pod;
  try {
    object = (await api.json(`/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(pod.name)}`)) as Pod;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UserError(`The pod ${namespace}/${pod.name} cannot be reached: ${error.message}.`, {
      hint: 'List the pods with: kubectl get pods; choose others with --namespace and --context.',
      cause: error,
    });
  } finally {
    api.close();
  }
  const port = pod.port ?? portOf(object, `${namespace}/${pod.name}`);
  const { PortForward } = await import('@kubernetes/client-node');
  const config = await withPluginCredentials(access, signal);
  const forward = new PortForward(config, false);
  const openTunnel = async (from: Readable, to: Writable, complaints: Writable) =>
    (await forward.portForward(namespace, pod.name, [port], to, complaints, from)) as Tunnel;
  await tryTunnel(openTunnel, `${namespace}/${pod.name}`);
  const sockets = new Set<Socket>();
  let complaint: string | undefined;
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    // The kubelet says there that nobody listens on the port, and leaves the stream open.
    const complaints = new PassThrough().once('data', (said: Buffer) => {
      // One line for a terminal, whatever the node writes.
      complaint ??= said
        .toString('utf8')
        .replace(/[^\x20-\x7e]+/g, ' ')
        .trim();
      socket.resetAndDestroy();
    });
    openTunnel(socket, socket, complaints).then(
      (tunnel) => {
        tunnel.onclose = () => socket.end();
        socket.once('close', () => tunnel.close()).resume();
        if (socket.destroyed) tunnel.close();
      },
      () => socket.resetAndDestroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shown: `http://${namespace}/${pod.name}:${port}`,
    complaint: () => complaint,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What of a WebSocket is used. */
interface Tunnel {
  onclose: (() => void) | null;
  close(): void;
}

/** A refusal is told once and in a sentence, and not by each connection that breaks off. */
async function tryTunnel(
  open: (from: Readable, to: Writable, complaints: Writable) => Promise<Tunnel>,
  pod: string,
): Promise<void> {
  try {
    (await open(new PassThrough(), new PassThrough(), new PassThrough())).close();
  } catch (error) {
    const message = (error as { readonly message?: unknown }).message;
    const status = /^Unexpected server response: (\d+)$/.exec(typeof message === 'string' ? message : '')?.[1];
    throw new UserError(
      status === '403'
        ? `The ports of the pod ${pod} may not be forwarded: the API server answered 403.`
        : `The ports of the pod ${pod} cannot be forwarded: ${status === undefined ? reasonOf(error) : `the API server answered ${status}`}.`,
      {
        hint:
          status === '403'
            ? 'It takes the right to create pods/portforward in the namespace.'
            : 'See whether it can be done with: kubectl port-forward.',
        cause: error,
      },
    );
  }
}

/** The only port that the pod's containers declare, or the one that is called so by convention. */
function portOf({ spec }: Pod, pod: string): number {
  const declared = (spec?.containers ?? []).flatMap(({ ports }) => ports ?? []);
  const chosen = declared.length === 1 ? declared[0] : declared.find(({ name }) => name === 'http');
  if (chosen?.containerPort !== undefined) return chosen.containerPort;
  const listed = declared.map(({ containerPort }) => containerPort).join(', ');
  throw new UserError(`Which port of the pod ${pod} is meant is not clear: it declares ${listed || 'none'}.`, {
    hint: 'Write it behind the name: --pod NAME:PORT.',
  });
}
