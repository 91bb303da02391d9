import type { RequestOptions } from 'node:https';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { bulkhead } from 'cockatiel';
import { reasonOf, UserError } from '../../core/errors.ts';
import { ApiError } from './api-error.ts';
import { withPluginCredentials } from './credential-plugin.ts';
import type { ClusterAccess } from './kubeconfig.ts';
import { nextPageOf, parsePage } from './list-page.ts';
import { dryRunRefusal, type Refusal } from './refusal.ts';
import { streamLines } from './stream-lines.ts';
import { type Answer, type AnswerLimits, openTransport, type RefusedAnswer, whyEnded } from './transport.ts';

/** Reads from an API server, and asks it for dry runs; there is no way to change anything. Every method throws ApiError. */
export interface Api {
  /** GETs a path and parses the answer as JSON. */
  json(path: string, accept?: string): Promise<unknown>;
  /**
   * GETs a page of a list, without `managedFields`. `foresee` is told the token of the page after it before this one is parsed, so
   * that it can be asked for meanwhile; it is not told of a last page.
   */
  page(path: string, foresee: (next: string) => void): Promise<unknown>;
  /** GETs a path as text. */
  text(path: string): Promise<string>;
  /** GETs a path for whatever answers there; no status is an error, and nothing is tried again. */
  answer(path: string, limits?: AnswerLimits & { readonly accept?: string }): Promise<Answer>;
  /** GETs an answer that goes on, such as a watch, line by line. A refusal is an error, and nothing is tried again. */
  lines(path: string): AsyncGenerator<string>;
  /**
   * What a server-side apply of an object would make of it, in a dry run that changes nothing; it must exist. What is thrown quotes
   * no value of the object, as the server's own messages do.
   */
  dryRunApply(path: string, object: object): Promise<unknown>;
  /** How many requests were sent. */
  readonly requests: number;
  close(): void;
}

export interface ApiLimits {
  /** For one request. */
  readonly timeoutMs: number;
  /** Ends the whole run. */
  readonly signal: AbortSignal;
}

export const DEFAULT_TIMEOUT_MS = 30_000;
/** As many as a browser opens; an API server hardly notices them. */
const MAX_IN_FLIGHT = 6;
const MAX_ATTEMPTS = 4;
const FIRST_WAIT_MS = 200;
/** Of a watch; the server marks its place about once a minute. */
const LONGEST_SILENCE_MS = 150_000;
/** A server that asks for a longer rest is overloaded, and is not helped by us. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Speaks raw JSON with the API server. The client library's typed objects rename fields and turn times into Dates, so it
 * is used for what it does well: kubeconfig, certificates, exec plugins and proxies. What may pass in a moment (429, 5xx, a
 * broken connection) is tried again, as long as the server asks for where it does, and a few requests run at a time.
 */
export async function connect(access: ClusterAccess, { timeoutMs, signal }: ApiLimits): Promise<Api> {
  const { server } = access;
  const way = { server, request: await credentialsOf(access, signal), userAgent: 'qna-ready', timeoutMs, signal };
  const transport = openTransport(way);
  const fewAtATime = bulkhead(MAX_IN_FLIGHT, Number.POSITIVE_INFINITY);
  let requests = 0;
  const few = (work: () => Promise<Answer>): Promise<Answer> =>
    fewAtATime.execute(() => {
      requests++;
      return work();
    });
  const send = (path: string, accept: string, limits?: AnswerLimits) => few(() => transport.get(path, accept, limits));
  return {
    json: (path, accept = 'application/json') =>
      patiently(async () => parse(accepted(await send(path, accept))), signal),
    page: (path, foresee) =>
      patiently(async () => {
        const answer = accepted(await send(path, 'application/json'));
        const next = nextPageOf(answer.body);
        if (next !== '') {
          foresee(next);
          // What was asked for is on its way only after the tasks that are due now.
          await setImmediate();
        }
        return parse(answer, parsePage);
      }, signal),
    text: (path) => patiently(async () => accepted(await send(path, '*/*')).body, signal),
    answer: (path, { accept = '*/*', ...limits } = {}) => send(path, accept, limits),
    lines: (path) => streamLines(way, path, LONGEST_SILENCE_MS, accepted),
    dryRunApply: (path, object) =>
      patiently(
        async () => parse(accepted(await few(() => transport.dryRunApply(path, object)), dryRunRefusal)),
        signal,
      ),
    get requests() {
      return requests;
    },
    close: transport.close,
  };
}

async function credentialsOf(access: ClusterAccess, signal: AbortSignal): Promise<RequestOptions> {
  const { server, contextName } = access;
  const request: RequestOptions = {};
  try {
    const config = await withPluginCredentials(access, signal);
    await config.applyToHTTPSOptions(request);
    return request;
  } catch (cause) {
    const reason = (reasonOf(cause).split('\n')[0] ?? '').replace(/\.$/, '');
    throw new UserError(`The credentials of context ${contextName} for ${server} cannot be used: ${reason}.`, {
      hint: `Try the same context with: kubectl --context ${contextName} get --raw /version.`,
      cause,
    });
  }
}

/** Does something again that failed for a reason that may pass, and rests in between as long as the server asks. */
async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.passing || attempt === MAX_ATTEMPTS) throw error;
      // Twice as long each time, and a part of it by chance, so that many clients do not come back at once.
      const wait = error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
      await setTimeout(wait, undefined, { signal }).catch(() => {
        throw new ApiError(`${whyEnded(signal)}, after the answer: ${error.message}`, { cause: error });
      });
    }
  }
}

const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/** The answer itself where it is one, and else the server's own reason. */
function accepted<T extends RefusedAnswer>(answer: T, refusalIn: (answer: RefusedAnswer) => Refusal = plainRefusal): T {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return answer;
  if (status >= 300 && status < 400)
    throw new ApiError(`the server redirects to ${headers.location ?? 'elsewhere'}, and no API server does`, {
      status,
    });
  const retryAfterMs = secondsOf(headers['retry-after']);
  const rests = retryAfterMs !== undefined && retryAfterMs > LONGEST_WAIT_MS;
  const { said, causes = [] } = refusalIn(answer);
  throw new ApiError(rests ? `${said} (it asks to wait ${retryAfterMs / 1000} s)` : said, {
    status,
    passing: PASSING_STATUSES.has(status) && !rests,
    retryAfterMs,
    causes,
  });
}

function plainRefusal({ status, body }: RefusedAnswer): Refusal {
  return { said: messageOf(body) ?? `the server answered ${status}` };
}

function secondsOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined;
}

function parse({ mediaType, body }: Answer, read: (text: string) => unknown = JSON.parse): unknown {
  const isJson = mediaType === 'application/json' || mediaType.endsWith('+json');
  const found = mediaType === '' ? 'of no type' : mediaType;
  if (!isJson)
    throw new ApiError(
      `the answer is ${found} instead of JSON, so this is no API server, or a proxy answers in its place`,
    );
  try {
    return read(body);
  } catch {
    throw new ApiError('the answer is malformed JSON', { passing: true });
  }
}

/** The message of a `Status` object, which is the API's own reason. */
function messageOf(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === 'string' && message !== '' ? message.replace(/\.$/, '') : undefined;
  } catch {
    return undefined;
  }
}
