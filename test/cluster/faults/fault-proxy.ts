import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Agent, request } from 'undici';

/** What the proxy does to a request in place of passing it on, or to the answer that it got. */
export interface Fault {
  /** Which requests it befalls: the path with its query. */
  readonly on: RegExp;
  /** How many of them; all where absent. */
  readonly times?: number;
  /** Answers instead of the server; must end the response, or leave it open for ever. */
  readonly answer?: (response: ServerResponse, asked: IncomingMessage) => void;
  /** Changes what is asked of the server. */
  readonly ask?: (path: string) => string;
  /** Changes what the server answered. */
  readonly rewrite?: (body: string) => string;
}

export interface FaultProxy {
  readonly url: string;
  /** The paths that were asked for, faulty or not. */
  readonly asked: readonly string[];
  /** The same with their methods. */
  readonly sent: readonly string[];
  /** Ends every watch that is open, in the middle of what it says; tells how many there were. */
  cutWatches(): number;
  close(): Promise<void>;
}

export interface ProxyTarget {
  readonly server: string;
  readonly ca: string;
}

/** Stands in front of a real API server and passes everything on, save for the faults. */
export async function startFaultProxy(
  target: ProxyTarget,
  faults: readonly Fault[],
  tls?: { readonly cert: string; readonly key: string },
): Promise<FaultProxy> {
  const left = faults.map(({ times = Number.POSITIVE_INFINITY }) => times);
  const agent = new Agent({ connect: { ca: target.ca } });
  const asked: string[] = [];
  const sent: string[] = [];
  const watches = new Set<ServerResponse>();
  const handle = (incoming: IncomingMessage, response: ServerResponse) => {
    const path = incoming.url ?? '/';
    asked.push(path);
    sent.push(`${incoming.method} ${path}`);
    const befalls = faults.filter((fault, index) => fault.on.test(path) && (left[index] ?? 0) > 0);
    for (const fault of befalls) left[faults.indexOf(fault)] = (left[faults.indexOf(fault)] ?? 0) - 1;
    const answering = befalls.find(({ answer }) => answer !== undefined);
    if (answering?.answer !== undefined) answering.answer(response, incoming);
    else passOn(incoming, response, befalls).catch(() => response.destroy());
  };
  const passOn = async (incoming: IncomingMessage, response: ServerResponse, befalls: readonly Fault[]) => {
    const path = befalls.reduce((found, { ask }) => ask?.(found) ?? found, incoming.url ?? '/');
    const { authorization, accept, 'content-type': contentType } = incoming.headers;
    const { method = 'GET' } = incoming;
    const answer = await request(target.server + path, {
      dispatcher: agent,
      method: method as 'GET',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(accept === undefined ? {} : { accept }),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
      ...(method === 'GET' ? {} : { body: incoming }),
    });
    if (/[?&]watch=1/.test(path)) {
      response.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) });
      response.flushHeaders();
      watches.add(response);
      response.on('close', () => {
        watches.delete(response);
        answer.body.destroy();
      });
      answer.body.on('error', () => response.destroy());
      answer.body.pipe(response);
      return;
    }
    const body = befalls.reduce((text, { rewrite }) => rewrite?.(text) ?? text, await answer.body.text());
    response.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) });
    response.end(body);
  };
  const server = tls === undefined ? createServer(handle) : createSecureServer(tls, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked,
    sent,
    cutWatches() {
      const open = [...watches];
      for (const response of open) response.destroy();
      return open.length;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await agent.close();
    },
  };
}

/** A `Status` object, as the API server refuses. */
export function refuse(
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): NonNullable<Fault['answer']> {
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }));
  };
}

/** Something that no API server answers, with 200. */
export function say(body: string, contentType = 'application/json'): NonNullable<Fault['answer']> {
  return (response) => {
    response.writeHead(200, { 'content-type': contentType });
    response.end(body);
  };
}

/** Promises a long answer, begins it, and hangs up. */
export function cutOff(body: string): NonNullable<Fault['answer']> {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(body.length + 1000) });
    response.write(body, () => response.destroy());
  };
}

/** Says nothing, for as long as the other side waits. */
export const neverAnswer: NonNullable<Fault['answer']> = () => {};
