import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { ApiError, transportError } from './api-error.ts';

/** What came back, whole. */
export interface Answer {
  readonly status: number;
  /** Lower-case, without parameters: `application/json`. */
  readonly mediaType: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** There was more of the body than was wanted. */
  readonly truncated: boolean;
  /** From the request to the end of the body. */
  readonly durationMs: number;
}

/** What is read of an answer that is a refusal. */
export type RefusedAnswer = Pick<Answer, 'status' | 'headers' | 'body'>;

/** Bounds of one request, where the usual ones do not suit it. */
export interface AnswerLimits {
  readonly timeoutMs?: number;
  /** So much of the body is read, and the rest is let go of. */
  readonly maxBytes?: number;
}

export interface Transport {
  /** GETs a path below the server's address. Throws ApiError where no whole answer came in time. */
  get(path: string, accept: string, limits?: AnswerLimits): Promise<Answer>;
  /**
   * Asks what a server-side apply would make of an object, in a dry run: the server goes all the way and keeps nothing
   * (https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run). The one request that is no GET, and there is no way to
   * send it without dryRun=All. Whatever server understands an apply is made of the library that knows dry runs. The path is that of the object, without a query. Throws ApiError as `get` does.
   */
  dryRunApply(path: string, object: object): Promise<Answer>;
  close(): void;
}

export interface TransportOptions {
  /** Where the server is, its base path included. */
  readonly server: string;
  /** Credentials, certificates and the agent, as the client library makes them of a kubeconfig. */
  readonly request: RequestOptions;
  readonly userAgent: string;
  /** For one request, its body included. */
  readonly timeoutMs: number;
  /** Ends the whole run; its reason says why. */
  readonly signal: AbortSignal;
}

const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** The query of every apply. Only what is written here is sent; a path that brings a query of its own is refused. */
const DRY_RUN = '?dryRun=All&fieldManager=qna-ready&force=true&fieldValidation=Strict';

interface Sent {
  readonly method: 'GET' | 'PATCH';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends GET requests and dry runs, one answer each, and nothing else. */
export function openTransport({ server, request, userAgent, signal, ...usual }: TransportOptions): Transport {
  const { agent } = request;
  if (agent instanceof HttpsAgent || agent instanceof HttpAgent) Object.assign(agent, { keepAlive: true });
  const base = new URL(server);
  const send = base.protocol === 'http:' ? httpRequest : httpsRequest;
  return {
    get: (path, accept, limits) => exchange({ method: 'GET', path, headers: { accept } }, limits),
    async dryRunApply(path, object) {
      if (/[?#]/.test(path)) throw new Error('A dry run has a query of its own.');
      return exchange({
        method: 'PATCH',
        path: path + DRY_RUN,
        headers: { accept: 'application/json', 'content-type': 'application/apply-patch+yaml' },
        // JSON is YAML.
        body: JSON.stringify(object),
      });
    },
    close: () => agent && typeof agent === 'object' && agent.destroy(),
  };

  function exchange(
    { method, path, headers, body }: Sent,
    { timeoutMs = usual.timeoutMs, maxBytes }: AnswerLimits = {},
  ): Promise<Answer> {
    const started = performance.now();
    const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
    const timeout = AbortSignal.timeout(timeoutMs);
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) => reject(failure(cause));
      const sent = send(
        url,
        {
          ...request,
          method,
          headers: { ...request.headers, ...headers, 'user-agent': userAgent },
          signal: AbortSignal.any([signal, timeout]),
        },
        (response) => {
          readBody(response, maxBytes).then(
            (read) =>
              resolve({
                status: response.statusCode ?? 0,
                mediaType: (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
                headers: response.headers,
                ...read,
                durationMs: Math.round((performance.now() - started) * 10) / 10,
              }),
            fail,
          );
        },
      );
      sent.on('error', fail);
      sent.end(body);
    });

    function failure(cause: unknown): ApiError {
      if (signal.aborted) return new ApiError(whyEnded(signal), { cause });
      if (timeout.aborted) return new ApiError(`no answer within ${timeoutMs / 1000} s`, { cause });
      return cause instanceof ApiError ? cause : transportError(cause);
    }
  }
}

/** Why the run was ended, as whoever ended it says. */
export function whyEnded({ reason }: AbortSignal): string {
  return reason instanceof Error && reason.name !== 'AbortError' ? reason.message : 'the run was interrupted';
}

async function readBody(
  response: IncomingMessage,
  maxBytes: number | undefined,
): Promise<Pick<Answer, 'body' | 'truncated'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    chunks.push(chunk);
    if (maxBytes !== undefined && size > maxBytes)
      return { body: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'), truncated: true };
    if (size > MAX_BODY_BYTES) throw new ApiError(`the answer is larger than ${MAX_BODY_BYTES >> 20} MiB`);
  }
  if (!response.complete) throw new ApiError('the answer was cut off', { passing: true });
  return { body: Buffer.concat(chunks).toString('utf8'), truncated: false };
}
