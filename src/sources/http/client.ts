import type { Readable } from 'node:stream';
import { rootCertificates, TLSSocket } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, request as send } from 'undici';
import type { Exchange } from '../../core/endpoint-facts.ts';
import { credentialHider, hideCookieValues } from './hide-credentials.ts';
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
  /** `h2` or `http/1.1`, as the last connection over TLS agreed; undefined where there was none. */
  version(): string | undefined;
  close(): Promise<void>;
}

export function createClient(options: ClientOptions): Client {
  const { target, signal } = options;
  const { http2 = false, budget = { sent: 0 } } = options;
  let version: string | undefined;
  const agent = new Agent({
    allowH2: http2,
    connections: 1,
    pipelining: 1,
    maxHeaderSize: 16 * 1024,
    connect: connectorOf(options, (agreed) => {
      version = agreed;
    }),
  });
  const credentials = {
    ...(target.authorization === undefined ? {} : { authorization: target.authorization }),
    ...options.headers,
  };
  const hide = credentialHider(credentials);
  return {
    async exchange(method, path, asked = {}) {
      const { headers = {}, body, maxBytes = 256 * 1024, patient = false, lastOnConnection = false } = asked;
      const { anonymous = false, fromRoot = false } = asked;
      const shown = `${method} ${fromRoot ? target.origin : target.shown}${path}`;
      if (++budget.sent > REQUEST_LIMIT)
        throw new RequestFailure('limit', shown, `the limit of ${REQUEST_LIMIT} requests is reached`);
      const timeout = patient ? undefined : AbortSignal.timeout(options.timeoutMs);
      const started = performance.now();
      try {
        const answer = await send(`${target.origin}${fromRoot ? '' : target.basePath}${path}`, {
          dispatcher: agent,
          method: method as Dispatcher.HttpMethod,
          headers: { 'user-agent': 'qna-ready', accept: '*/*', ...headers, ...(anonymous ? {} : credentials) },
          body: body ?? null,
          reset: lastOnConnection,
          signal: timeout === undefined ? signal : AbortSignal.any([signal, timeout]),
          headersTimeout: 0,
          bodyTimeout: 0,
        });
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
        };
      } catch (error) {
        if (signal.aborted) throw new RequestFailure('slow', shown, 'the time for the whole run was over');
        if (timeout?.aborted === true)
          throw new RequestFailure('slow', shown, `no complete answer came within ${options.timeoutMs} ms`);
        throw describeFailure(shown, error);
      }
    },
    version: () => version,
    close: () => agent.destroy(),
  };
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
