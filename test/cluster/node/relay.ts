import { chmodSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Leads connections into the harness's network namespace. A Unix socket belongs to the file system and not to a network,
 * so one end can listen in the namespace's world and the other on loopback outside it.
 */
export async function startInnerRelay(socketPath: string): Promise<Server> {
  const server = createServer((client) => {
    client.once('readable', () => {
      const first = (client.read() as Buffer | null) ?? Buffer.alloc(0);
      const end = first.indexOf('\n');
      if (end === -1) {
        client.destroy();
        return;
      }
      const [host, port] = first.subarray(0, end).toString().split(' ');
      const target = connect(Number(port), host);
      target.write(first.subarray(end + 1));
      join(client, target);
    });
    client.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  chmodSync(socketPath, 0o600);
  return server;
}

/** A port on loopback that leads to an address in the namespace; a port of 0 takes a free one. */
export async function startOuterRelay(
  socketPath: string,
  host: string,
  targetPort: number,
  port = 0,
): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const inner = connect(socketPath);
    inner.write(`${host} ${targetPort}\n`);
    join(client, inner);
    for (const socket of [client, inner]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
}
