import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { rootCertificates, TLSSocket } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, request as send } from 'undici';
import type { Exchange } from '../../core/endpoint-facts.ts';
import type { AnswerPiece, StreamedAnswer } from '../../core/run-facts.ts';
import { credentialHider, hideCookieValues } from './hide-credentials.ts';
import { type Phases, timed } from './phases.ts';
import { readBody } from './read-body.ts';
import { lookupOf, type PinnedAddresses } from './refused-addresses.ts';
import { describeFailure, RequestFailure } from './request-failure.ts';
import type { Target } from './target.ts';

/** The most requests that one run sends to one service; handshakes, and the one request whose body never comes, aside. */
export const REQUEST_LIMIT = 50;

/** An address or a name to connect to, in place of what a URL says; the URL's own host stays in TLS and in the Host header. */
export interface Via {
  readonly address: string;
  readonly port: number;
}

export interface ClientOptions {
  readonly target: Target;
  /** Sent with every request to the target, and to nobody else. */
  readonly headers: Readonly<Record<string, string>>;
  readonly insecure: boolean;
  /** Certificates to trust beside the usual ones, in PEM. */
  readonly ca: string | undefined;
  readonly resolve?: PinnedAddresses | undefined;
  readonly via?: Via | undefined;
  /** Offers HTTP/2 beside HTTP/1.1, over TLS. */
  readonly http2?: boolean | undefined;
  /** Shared by all clients of one run. */
  readonly budget?: RequestBudget | undefined;
  /** The most time for one request, its body included. */
  readonly timeoutMs: number;
  /** Ends the whole run: its deadline, or the person at the terminal. */
  readonly signal: AbortSignal;
  /** The W3C trace that every request belongs to: 32 hexadecimal digits. Not sampled, so that no request fills a store of traces. */
  readonly traceId?: string | undefined;
  /** `REQUEST_LIMIT` unless said otherwise. */
  readonly requestLimit?: number;
  /** How many at once; one unless said otherwise. */
  readonly connections?: number;
}

/** How many requests a run has sent. */
export interface RequestBudget {
  sent: number;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes that come one after the other need a Content-Length among the headers. */
  readonly body?: string | Readable;
  /** The headers of the client, which may hold credentials, are left out. */
  readonly anonymous?: boolean;
  /** The path is one of the whole server, and not below the path of the URL. */
  readonly fromRoot?: boolean;
  /** The most bytes of the unpacked body that are read; 256 KiB unless said otherwise. */
  readonly maxBytes?: number;
  /** Only the deadline of the run bounds this request. */
  readonly patient?: boolean;
  /** The connection is closed after the answer, so that the next request goes wherever a balancer leads it. */
  readonly lastOnConnection?: boolean;
}

/** Sends bounded requests to one origin. Redirects are never followed: they come back as what they are. */
export interface Client {
  /** Throws RequestFailure where no complete answer came. */
  exchange(method: string, path: string, options?: RequestOptions): Promise<Exchange>;
  /** Reads an answer as it comes. Throws RequestFailure where not even its head came. */
  stream(
    method: string,
    path: string,
    options: Pick<RequestOptions, 'headers' | 'body'> & {
      /** Told of each piece; whoever returns false hangs up. */
      readonly onPiece?: () => boolean | Promise<boolean>;
    },
  ): Promise<StreamedAnswer>;
  /** `h2` or `http/1.1`, as the last connection over TLS agreed; undefined where there was none. */
  version(): string | undefined;
  close(): Promise<void>;
}

export function createClient(options: ClientOptions): Client {
  const { target, signal } = options;
  const { http2 = false, budget = { sent: 0 } } = options;
  let version: string | undefined;
  const connector = timed(
    connectorOf(options, (agreed) => {
      version = agreed;
    }),
  );
  const agent = new Agent({
    allowH2: http2,
    connections: options.connections ?? 1,
    pipelining: 1,
    maxHeaderSize: 16 * 1024,
    connect: connector.connect,
  });
  const credentials = {
    ...(target.authorization === undefined ? {} : { authorization: target.authorization }),
    ...options.headers,
  };
  const hide = credentialHider(credentials);
  const requestLimit = options.requestLimit ?? REQUEST_LIMIT;
  return {
    async exchange(method, path, asked = {}) {
      const { maxBytes = 256 * 1024, patient = false } = asked;
      const timeout = patient ? undefined : AbortSignal.timeout(options.timeoutMs);
      return guarded(method, path, asked, timeout, async (shown, started) => {
        const answer = await begin(method, path, asked, timeout);
        const headMs = performance.now() - started;
        const connection = connector.take();
        const received = flatten(answer.headers, hide);
        const read = await readBody(
          answer.body,
          method === 'HEAD' ? undefined : received['content-encoding'],
          maxBytes,
        );
        const durationMs = Math.round((performance.now() - started) * 10) / 10;
        return {
          request: shown,
          status: answer.statusCode,
          headers: received,
          body: hide(read.text),
          truncated: read.truncated,
          durationMs,
          phasesMs: phasesOf(connection, headMs, durationMs),
        };
      });
    },
    async stream(method, path, { onPiece = () => true, ...asked }) {
      const timeout = AbortSignal.timeout(options.timeoutMs);
      return guarded(method, path, {}, timeout, async (shown, started) => {
        const since = () => Math.round((performance.now() - started) * 10) / 10;
        const answer = await begin(method, path, asked, timeout);
        const read = await readPieces(answer.body, since, onPiece);
        // What the end of the run cut off says nothing of how long an answer takes.
        if (read.end === 'too-slow') signal.throwIfAborted();
        const { statusCode: status } = answer;
        const { text, ...rest } = read;
        return { request: shown, status, headers: flatten(answer.headers, hide), body: hide(text), ...rest };
      });
    },
    version: () => version,
    close: () => agent.destroy(),
  };

  /** Counts the request, and turns whatever goes wrong into a sentence. */
  async function guarded<T>(
    method: string,
    path: string,
    { fromRoot = false }: Pick<RequestOptions, 'fromRoot'>,
    timeout: AbortSignal | undefined,
    work: (shown: string, started: number) => Promise<T>,
  ): Promise<T> {
    const shown = `${method} ${fromRoot ? target.origin : target.shown}${path}`;
    if (++budget.sent > requestLimit)
      throw new RequestFailure('limit', shown, `the limit of ${requestLimit} requests is reached`);
    try {
      return await work(shown, performance.now());
    } catch (error) {
      if (signal.aborted) throw new RequestFailure('slow', shown, 'the time for the whole run was over');
      if (timeout?.aborted === true)
        throw new RequestFailure('slow', shown, `no complete answer came within ${options.timeoutMs} ms`);
      throw describeFailure(shown, error);
    }
  }

  function begin(
    method: string,
    path: string,
    { headers = {}, body, lastOnConnection = false, anonymous = false, fromRoot = false }: RequestOptions,
    timeout: AbortSignal | undefined,
  ): Promise<Dispatcher.ResponseData> {
    return send(`${target.origin}${fromRoot ? '' : target.basePath}${path}`, {
      dispatcher: agent,
      method: method as Dispatcher.HttpMethod,
      headers: {
        'user-agent': 'qna-ready',
        accept: '*/*',
        ...(options.traceId === undefined
          ? {}
          : { traceparent: `00-${options.traceId}-${randomBytes(8).toString('hex')}-00` }),
        ...headers,
        ...(anonymous ? {} : credentials),
      },
      body: body ?? null,
      reset: lastOnConnection,
      signal: timeout === undefined ? signal : AbortSignal.any([signal, timeout]),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }
}

/** What is no part of the connection is the wait for the head of the answer, and the rest of it. */
function phasesOf(connection: Phases, headMs: number, durationMs: number): Phases {
  const { resolve = 0, connect = 0, tls = 0 } = connection;
  const rounded = (ms: number) => Math.max(0, Math.round(ms * 100) / 100);
  return {
    ...connection,
    processing: rounded(headMs - resolve - connect - tls),
    transfer: rounded(durationMs - headMs),
  };
}

/** A stream that is longer than this tells no more by its end. */
const MAX_STREAMED_BYTES = 1024 * 1024;

/** A stream that breaks off is told with what came of it. */
async function readPieces(
  body: Dispatcher.ResponseData['body'],
  since: () => number,
  onPiece: () => boolean | Promise<boolean>,
): Promise<Pick<StreamedAnswer, 'pieces' | 'end' | 'endedMs'> & { readonly text: string }> {
  const pieces: AnswerPiece[] = [];
  const chunks: Buffer[] = [];
  let bytes = 0;
  const told = (end: StreamedAnswer['end']) => ({
    pieces,
    end,
    endedMs: since(),
    text: Buffer.concat(chunks).toString('utf8'),
  });
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      pieces.push({ atMs: since(), bytes: chunk.length });
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_STREAMED_BYTES || !(await onPiece())) return told('hung-up');
    }
    return told('complete');
  } catch (error) {
    const isSlow = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
    return told(isSlow ? 'too-slow' : 'cut');
  } finally {
    body.destroy();
  }
}

function connectorOf(
  { timeoutMs, insecure, resolve, ca, via, http2 = false }: ClientOptions,
  agreed: (version: string | undefined) => void,
): buildConnector.connector {
  const connect = buildConnector({
    allowH2: http2,
    timeout: timeoutMs,
    rejectUnauthorized: !insecure,
    lookup: lookupOf(resolve),
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
  });
  return (options, callback) =>
    connect(
      via === undefined ? options : { ...options, hostname: via.address, port: String(via.port) },
      (...opened) => {
        const [, socket] = opened;
        if (socket instanceof TLSSocket) agreed(socket.alpnProtocol || 'http/1.1');
        callback(...opened);
      },
    );
}

function flatten(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  hide: (text: string) => string,
): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const values = Array.isArray(value) ? value : [value];
    const lower = name.toLowerCase();
    flat[lower] = values.map((each) => (lower === 'set-cookie' ? hideCookieValues(each) : hide(each))).join(', ');
  }
  return flat;
}
