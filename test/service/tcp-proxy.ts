import { createServer, type Socket, connect as toServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server that can be spoilt as networks spoil it. */
export interface TcpProxy {
  /** The same URL, by way of the proxy. */
  through(url: string): string;
  /** From now on nothing is passed on and nothing is closed, as when a firewall drops packets. */
  blackHole(): void;
  /** From now on connections are refused, and those that are open are cut. */
  refuse(): Promise<void>;
  /** From now on every byte of the server comes late. */
  slow(delayMs: number): void;
  /** All as it should be again. Connections of the bad time are cut. */
  mend(): Promise<void>;
  /** How many messages clients have sent. */
  sent(): number;
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set<Socket>();
  let state: 'open' | 'black hole' = 'open';
  let delayMs = 0;
  let sent = 0;
  const server = createServer((client) => {
    const upstream = toServer(Number(targetPort), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        if (state === 'open') (socket === client ? upstream : client).destroy();
      });
    }
    client.on('data', (chunk) => {
      sent += 1;
      if (state === 'open') upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (state !== 'open') return;
      if (delayMs === 0) client.write(chunk);
      else setTimeout(() => client.write(chunk), delayMs);
    });
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  onTestFinished(close);
  return {
    through(url) {
      const changed = new URL(url);
      changed.host = `127.0.0.1:${port}`;
      return changed.href;
    },
    blackHole() {
      state = 'black hole';
    },
    refuse: close,
    slow(ms) {
      delayMs = ms;
    },
    async mend() {
      if (state !== 'open') for (const socket of sockets) socket.destroy();
      state = 'open';
      delayMs = 0;
      if (!server.listening) await listen(port);
    },
    sent: () => sent,
  };
}
