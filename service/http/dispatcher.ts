import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ProviderHealth } from '../answering/ask.ts';
import type { Readiness, ReadinessResult } from '../readiness.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { sendProblem } from './problem.ts';
import { requestIdOf } from './request-context.ts';

export interface DispatcherParts {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly provider: () => ProviderHealth;
  /** Whether a failing provider takes the replica out of traffic, instead of being a warning. */
  readonly requiresProvider: boolean;
  /** Whether every connection of the pool is taken, and work waits for one. */
  readonly isPoolExhausted: () => boolean;
  /** Whether the first attempt to bring the schema up to date is over. */
  readonly hasStarted: () => boolean;
  readonly isDraining: () => boolean;
  readonly app: RequestListener;
}

type Answer = (response: ServerResponse) => Promise<void> | void;

/**
 * Answers the endpoints of operation itself, in front of the application: probes are then quick when the application is busy,
 * and do not flatter its latency.
 */
export function createDispatcher(parts: DispatcherParts): RequestListener {
  const { readiness, metrics, isDraining, app } = parts;
  const ready = createReadyAnswer(parts);
  const endpoints: ReadonlyMap<string, Answer> = new Map<string, Answer>([
    ['/health/live', (response) => sendPage(response, ALIVE)],
    ['/health/startup', (response) => sendPage(response, parts.hasStarted() ? ALIVE : STARTING)],
    [
      '/health/ready',
      (response) => {
        // Without a promise where the answer is known: most probes find it so.
        const known = readiness.known();
        if (known !== undefined) return sendPage(response, ready(known));
        return readiness.check().then((result) => sendPage(response, ready(result)));
      },
    ],
    [
      '/metrics',
      async (response) => {
        const { contentType, body } = await metrics.page(response.req.headers.accept);
        sendPage(response, page(200, contentType, body));
      },
    ],
  ]);
  return (request, response) => {
    if (isDraining()) response.shouldKeepAlive = false;
    const answer = endpoints.get(pathOf(request));
    if (answer === undefined) {
      if (Number(request.headers['content-length'] ?? 0) <= MAX_BODY_BYTES) app(request, response);
      else {
        response.shouldKeepAlive = false;
        sendProblem(response, 'content-too-large', { detail: `No body may have more than ${MAX_BODY_BYTES} bytes.` });
      }
    } else if (request.method !== 'GET' && request.method !== 'HEAD')
      sendProblem(response, 'method-not-allowed', {
        detail: 'Here only GET, HEAD can be used.',
        headers: { Allow: 'GET, HEAD' },
      });
    else
      try {
        answer(response)?.catch(() => fail(response));
      } catch {
        fail(response);
      }
  };
}

function fail(response: ServerResponse): void {
  if (!response.headersSent) sendProblem(response, 'internal-error');
}

/** More than any endpoint takes. A body that says it is larger is refused unread; the endpoints have closer limits. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The status, the head and the body of an answer, made once and sent many times. */
interface Page {
  readonly status: number;
  readonly head: readonly string[];
  readonly body: string;
}

const HEALTH = 'application/health+json';
const ALIVE = page(200, HEALTH, JSON.stringify({ status: 'pass' }));
const STARTING = page(503, HEALTH, JSON.stringify({ status: 'fail', notes: ['starting'] }));

/** Makes the page of readiness, anew only where something in it has changed. */
function createReadyAnswer({ provider, requiresProvider, isPoolExhausted }: DispatcherParts) {
  let made: { readonly result: ReadinessResult; readonly failing: boolean; readonly exhausted: boolean } | undefined;
  let last = STARTING;
  return (result: ReadinessResult): Page => {
    const { failing } = provider();
    const exhausted = isPoolExhausted();
    if (made?.result === result && made.failing === failing && made.exhausted === exhausted) return last;
    made = { result, failing, exhausted };
    const { ready, draining, database, checkedAt: time } = result;
    const up = ready && !(failing && requiresProvider);
    last = page(
      up ? 200 : 503,
      HEALTH,
      JSON.stringify({
        status: up ? (failing || exhausted ? 'warn' : 'pass') : 'fail',
        ...(draining ? { notes: ['draining'] } : {}),
        checks: {
          'database:connection': [{ componentType: 'datastore', status: database, time }],
          'database:pool': [{ componentType: 'datastore', status: exhausted ? 'warn' : 'pass', time }],
          'llm:responses': [
            { componentType: 'component', status: failing ? (requiresProvider ? 'fail' : 'warn') : 'pass', time },
          ],
        },
      }),
    );
    return last;
  };
}

function page(status: number, contentType: string, body: string): Page {
  const length = String(Buffer.byteLength(body));
  const about = ['Content-Type', contentType, 'Content-Length', length];
  return { status, head: [...about, 'Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff'], body };
}

function sendPage(response: ServerResponse, { status, head, body }: Page): void {
  if (response.headersSent) return;
  response.writeHead(status, [...head, 'X-Request-Id', requestIdOf(givenId(response.req))]);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** The one header that a probe's answer depends on. Reading it here saves the making of an object of all of them. */
function givenId({ rawHeaders }: IncomingMessage): IncomingHttpHeaders {
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === 'x-request-id'.length && rawHeaders[index]?.toLowerCase() === 'x-request-id')
      return { 'x-request-id': rawHeaders[index + 1] };
  return {};
}

/** Without the query, and without a slash at the end: what probes and proxies add to a path must not lead elsewhere. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.search(/[?#]/);
  const path = query === -1 ? url : url.slice(0, query);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
