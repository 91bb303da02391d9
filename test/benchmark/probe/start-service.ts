import { createServer, type RequestListener, type Server } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { BASE } from './base-service.ts';
import { EDGE_HOST, type EdgeCredentials, type EdgeShape, GOOD_EDGE } from './edge.ts';
import type { Fault } from './fault.ts';
import { newCounts } from './metrics.ts';
import { handlerOf, type Service } from './service.ts';

export interface StartedService {
  readonly url: string;
  /** What the command line needs to reach it. */
  readonly args: readonly string[];
  readonly service: Service;
  /** The page of metrics as it is now, without asking over the network; undefined where none would come. */
  page(): string | Buffer | undefined;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Why a service of the benchmark cannot stand on this machine. */
export class CannotStand extends Error {}

/** Starts the base service with this fault on the loopback; with none, the base service itself. */
export async function startService(
  { breaks = (base) => base, edge }: Pick<Fault, 'breaks' | 'edge'>,
  credentials: () => EdgeCredentials,
): Promise<StartedService> {
  const counts = newCounts();
  const broken = breaks(BASE);
  const page = () => {
    const answer = broken.metrics(
      { method: 'GET', path: '/metrics', url: '/metrics', headers: {}, body: '' },
      counts,
      broken,
    );
    if (typeof answer === 'string' || answer.status !== 200) return undefined;
    return typeof answer.body === 'string' || Buffer.isBuffer(answer.body) ? answer.body : answer.body.join('');
  };
  if (edge === undefined) {
    const server = await listen(createServer(listener(broken, counts)), '127.0.0.1', 0);
    return { url: `http://127.0.0.1:${server.port}`, args: [], service: broken, page, ...server };
  }
  const shape: EdgeShape = { ...GOOD_EDGE, ...edge };
  const { ca, of } = credentials();
  const service = shape.hsts === undefined ? broken : withHeader(broken, 'strict-transport-security', shape.hsts);
  const secure = secureServer(shape, of[shape.certificate], listener(service, counts));
  const address = shape.plain === undefined ? '127.0.0.1' : OWN_ADDRESS;
  const server = await listen(secure, address, shape.plain === undefined ? 0 : 443);
  const plain =
    shape.plain === undefined
      ? undefined
      : await listen(plainServer(shape, broken, counts), address, 80).catch(async (error: unknown) => {
          await server[Symbol.asyncDispose]();
          throw error;
        });
  return {
    url: `https://${EDGE_HOST}${server.port === 443 ? '' : `:${server.port}`}`,
    args: ['--ca', ca, '--resolve', `${EDGE_HOST}:${address}`],
    service,
    page,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await plain?.[Symbol.asyncDispose]();
    },
  };
}

/** Of the loopback, where nobody listens on the ports of the web. */
const OWN_ADDRESS = `127.83.${process.pid % 250}.${1 + (Math.floor(process.pid / 250) % 250)}`;

function listener(service: Service, counts: ReturnType<typeof newCounts>): RequestListener {
  const handle = handlerOf(service, counts);
  return (request, response) => {
    response.on('error', () => {});
    void handle(request, response);
  };
}

function secureServer(
  shape: EdgeShape,
  { key, cert }: { readonly key: string; readonly cert: string },
  on: RequestListener,
) {
  const options = {
    key,
    cert,
    ...(shape.obsolete
      ? { minVersion: 'TLSv1' as const, ciphers: 'DEFAULT@SECLEVEL=0' }
      : { minVersion: 'TLSv1.2' as const }),
    ...(shape.ciphers === undefined ? {} : { ciphers: shape.ciphers, maxVersion: 'TLSv1.2' as const }),
  };
  if (!shape.http2) return createHttpsServer(options, on);
  // The requests of HTTP/2 have what the listener uses of those of HTTP/1.1.
  return createSecureServer(
    { ...options, allowHTTP1: true },
    on as unknown as Parameters<typeof createSecureServer>[1],
  );
}

function plainServer(shape: EdgeShape, service: Service, counts: ReturnType<typeof newCounts>): Server {
  if (shape.plain === 'serves') return createServer(listener(service, counts));
  return createServer((request, response) =>
    response.writeHead(308, { location: `https://${EDGE_HOST}${request.url ?? '/'}` }).end(),
  );
}

function withHeader(service: Service, name: string, value: string): Service {
  return { ...service, headers: { ...service.headers, [name]: value } };
}

async function listen(
  server: Server | ReturnType<typeof secureServer>,
  address: string,
  port: number,
): Promise<{ readonly port: number; [Symbol.asyncDispose](): Promise<void> }> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  server.on('connection', keep);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new CannotStand(`nobody may listen on ${port === 0 ? 'the loopback' : `port ${port}`} here (${error.code})`),
      ),
    );
    server.listen(port, address, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
