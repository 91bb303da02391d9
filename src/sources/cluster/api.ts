import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https';
import { reasonOf, UserError } from '../../core/errors.ts';
import type { ClusterAccess } from './kubeconfig.ts';

/** A refusal by the API server, or the failure to reach it, in a sentence. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
  }
}

export interface Api {
  /** GETs a path and parses the answer as JSON. Throws ApiError. */
  json(path: string): Promise<unknown>;
  /** GETs a path as text. Throws ApiError. */
  text(path: string): Promise<string>;
  close(): void;
}

const REQUEST_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 6;
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/**
 * Speaks raw JSON with the API server. The client library's typed objects rename fields and turn times into Dates, so it
 * is used for what it does well: kubeconfig, certificates, exec plugins and proxies.
 */
export async function connect({ config, server, contextName }: ClusterAccess, signal: AbortSignal): Promise<Api> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw new UserError(`The credentials of context ${contextName} for ${server} cannot be used: ${reasonOf(cause)}.`, {
      hint: 'Try the same context with: kubectl get --raw /version.',
      cause,
    });
  }
  const agent = options.agent;
  if (agent instanceof HttpsAgent || agent instanceof HttpAgent)
    Object.assign(agent, { keepAlive: true, maxSockets: MAX_CONNECTIONS });
  const base = new URL(server);
  const get = (path: string, accept: string): Promise<string> => {
    const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
    return new Promise((resolve, reject) => {
      const request = send(
        url,
        {
          ...options,
          method: 'GET',
          headers: { ...options.headers, accept, 'user-agent': 'qna-ready' },
          signal: deadline,
        },
        (response) => {
          readBody(response).then((body) => {
            const status = response.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(body);
            else reject(new ApiError(messageOf(body) ?? `the server answered ${status}`, status));
          }, fail);
        },
      );
      request.on('error', fail);
      request.end();

      function fail(error: unknown): void {
        const late = deadline.aborted && !signal.aborted;
        reject(
          new ApiError(late ? `no answer within ${REQUEST_TIMEOUT_MS / 1000} s` : explain(error), undefined, error),
        );
      }
    });
  };
  return {
    json: async (path) => parse(await get(path, 'application/json')),
    text: (path) => get(path, '*/*'),
    close: () => agent && typeof agent === 'object' && agent.destroy(),
  };
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`the answer is larger than ${MAX_BODY_BYTES / 1048576} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError('the answer is not JSON: is this address a Kubernetes API server?', undefined);
  }
}

/** The message of a `Status` object, which is the API's own reason. */
function messageOf(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed by the other side',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be resolved now',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host is unreachable',
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is self-signed and not trusted by the kubeconfig",
  SELF_SIGNED_CERT_IN_CHAIN: "the server's certificate is not signed by the authority in the kubeconfig",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the server's certificate is not signed by the authority in the kubeconfig",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name",
};

function explain(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return CAUSES[code] ?? reasonOf(error);
}
