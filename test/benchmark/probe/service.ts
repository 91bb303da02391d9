import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Counts, Family } from './metrics.ts';

/** One request as a service of the benchmark sees it. */
export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Several pieces are sent one after another, as a stream. */
  readonly body: string | Buffer | readonly string[];
  /** How long the service thinks before each piece. */
  readonly afterMs?: number;
  /** The same for the first piece alone. */
  readonly firstAfterMs?: number;
}

/** `silence` never answers, and `hangup` closes the connection without a word. */
export type Part = (asked: Asked, counts: Counts, service: Service) => Answer | 'silence' | 'hangup';

/** A service as the table of faults changes it: each part can be replaced by one that is broken. */
export interface Service {
  readonly live: Part;
  readonly ready: Part;
  readonly metrics: Part;
  readonly ask: Part;
  /** What any other path gets. */
  readonly unknown: Part;
  /** What a method gets that the path does not know. */
  readonly refused: Part;
  /** What stands on the page of metrics. */
  readonly families: (counts: Counts) => readonly Family[];
  /** The page as it is sent; a Buffer where it is no UTF-8. */
  readonly page: (families: readonly Family[], counts: Counts) => string | Buffer;
  /** Under which labels a request is counted; undefined where it is not. */
  readonly labels: (asked: Asked, status: number) => RequestLabels | undefined;
  /** On every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** What it wrote to standard output. */
  readonly log: readonly string[];
}

export interface RequestLabels {
  readonly method: string;
  readonly route: string;
  readonly status: string;
}

/** Lets a service answer over node:http, node:https or HTTP/2; `counts` is what it remembers. */
export function handlerOf(
  service: Service,
  counts: Counts,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const started = performance.now();
    const asked = await read(request);
    if (asked === undefined) return;
    const answer = partFor(asked, service)(asked, counts, service);
    if (answer === 'silence') return;
    if (answer === 'hangup') {
      request.socket.destroy();
      return;
    }
    const pieces = typeof answer.body === 'string' || Buffer.isBuffer(answer.body) ? [answer.body] : answer.body;
    await pause(answer.firstAfterMs ?? answer.afterMs ?? 0);
    // Counted before the last byte is out, so that a scrape after the answer sees it.
    const count = () => {
      const labels = service.labels(asked, answer.status);
      if (labels !== undefined) counts.add(labels, (performance.now() - started) / 1000);
    };
    if (pieces.length <= 1) count();
    response.writeHead(answer.status, { ...service.headers, ...answer.headers });
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await pause(answer.afterMs ?? 0);
      if (index > 0 && index === pieces.length - 1) count();
      if (request.method !== 'HEAD') response.write(piece);
    }
    response.end();
  };
}

function partFor({ method, path }: Asked, service: Service): Part {
  const reads = method === 'GET' || method === 'HEAD';
  switch (path) {
    case '/health/live':
      return reads ? service.live : service.refused;
    case '/health/ready':
      return reads ? service.ready : service.refused;
    case '/metrics':
      return reads ? service.metrics : service.refused;
    case '/v1/ask':
      return method === 'POST' ? service.ask : service.refused;
    default:
      return service.unknown;
  }
}

/** Undefined where the caller hung up before the request was whole. */
async function read(request: IncomingMessage): Promise<Asked | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  const url = request.url ?? '/';
  return {
    method: request.method ?? 'GET',
    path: url.replace(/\?.*$/, ''),
    url,
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}
