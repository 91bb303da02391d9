import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface FaultyProvider {
  /** The base URL of its API. */
  readonly baseUrl: string;
  /** The bodies of the calls, in the order of arrival. */
  readonly calls: readonly string[];
  /** When a caller went away before the answer was complete, by `performance.now()`. */
  readonly leftAt: readonly number[];
}

type Behaviour = (response: ServerResponse, call: number) => void;

/** A provider of the test's own making, which does to each call what the test says. */
export async function startFaultyProvider(behave: Behaviour): Promise<FaultyProvider> {
  const calls: string[] = [];
  const leftAt: number[] = [];
  const server = createServer(async (request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) leftAt.push(performance.now());
    });
    calls.push(await bodyOf(request));
    behave(response, calls.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, calls, leftAt };
}

/** A server that takes connections and whatever is sent on them, and never says a word. */
export async function startSilentServer(): Promise<{ readonly port: number }> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket.on('error', () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port };
}

/** Begins a stream of events. */
export function stream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' });
}

/** One event of a chat that is streamed; `rest` goes beside the choices. */
export function chunk(delta: object, finish: string | null = null, rest: object = {}): string {
  const body = { id: 'c', object: 'chat.completion.chunk', model: 'm-1', ...rest };
  return `data: ${JSON.stringify({ ...body, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
