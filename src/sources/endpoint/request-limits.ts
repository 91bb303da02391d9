import { Readable } from 'node:stream';
import type { LargeBodyAnswer, RefusedOr, SlowBodyAnswer } from '../../core/edge-facts.ts';
import type { Exchange } from '../../core/endpoint-facts.ts';
import type { Observed } from '../../core/facts.ts';
import { RequestFailure } from '../http/request-failure.ts';
import { defineEndpointFact, type EndpointView, headersOf } from './endpoint-fact.ts';
import { contentTypeOf } from './observe-activity.ts';
import { sendSlowly } from './send-slowly.ts';

/** Beyond every limit that a service of questions needs, and little for a network. */
const LARGE_BODY_BYTES = 8 * 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, 'x');
/** More than proxies and frameworks take: nginx 32 KiB, Envoy 60 KiB, Node 16 KiB, Tomcat 8 KiB, Go a megabyte. */
const LARGE_HEADER_BYTES = 256 * 1024;
/** A run is to end; the service may wait longer, which is then not known. */
const WATCHED_MS = 2_000;

/** Sends what a service must not take without end, where the caller lets questions be asked. */
export const requestLimitsFact = defineEndpointFact({
  fact: 'requestLimits',
  async observe(view) {
    const { ask } = view.options;
    if (ask?.body === undefined) return { asked: false };
    const [largeBody, slowBody] = await Promise.all([
      attempt(() => sendLargeBody(view, ask.method, ask.path)),
      attempt(() => watchSlowBody(view, ask.method, ask.path)),
    ]);
    return { asked: true, largeBody, slowBody, largeHeader: await attempt(() => sendLargeHeader(view)) };
  },
});

/** The body is the beginning of a JSON string that never ends: a service that reads all of it asks no model. */
async function sendLargeBody(view: EndpointView, method: string, path: string): Promise<LargeBodyAnswer> {
  let sentBytes = 0;
  const pieces = function* () {
    const head = Buffer.from('{"question":"');
    yield head;
    sentBytes = head.length;
    while (sentBytes < LARGE_BODY_BYTES) {
      const piece = PIECE.subarray(0, LARGE_BODY_BYTES - sentBytes);
      sentBytes += piece.length;
      yield piece;
    }
  };
  const outcome = await refusedOr(() =>
    view.client.exchange(method, path, {
      body: Readable.from(pieces(), { highWaterMark: 1 }),
      headers: { 'content-type': contentTypeOf(view.options.ask), 'content-length': String(LARGE_BODY_BYTES) },
      lastOnConnection: true,
    }),
  );
  const request = `${method} ${view.target.shown}${path}`;
  const told = { request, size: LARGE_BODY_BYTES, sentBytes, outcome };
  return 'brokenOff' in outcome ? { ...told, answersAfter: await answers(view) } : told;
}

async function answers({ client, live }: EndpointView): Promise<boolean> {
  try {
    await client.exchange('GET', live?.path ?? '/', { lastOnConnection: true });
    return true;
  } catch (error) {
    if (error instanceof RequestFailure && error.kind === 'unreachable') return false;
    throw error;
  }
}

function sendLargeHeader({ client, live }: EndpointView): Promise<RefusedOr<Exchange>> {
  return refusedOr(() =>
    client.exchange('GET', live?.path ?? '/', {
      headers: { 'x-qna-ready': 'x'.repeat(LARGE_HEADER_BYTES) },
      anonymous: true,
      lastOnConnection: true,
    }),
  );
}

function watchSlowBody(view: EndpointView, method: string, path: string): Promise<SlowBodyAnswer> {
  const { target, options, signal } = view;
  return sendSlowly({
    target,
    method,
    path,
    headers: { ...headersOf(view), 'content-type': contentTypeOf(options.ask) },
    ca: options.ca,
    insecure: options.insecure ?? false,
    resolve: options.resolve,
    watchedMs: Math.min(WATCHED_MS, options.timeoutMs),
    signal,
  });
}

/** A server that ends the connection while it is sent too much has refused it. */
async function refusedOr(send: () => Promise<Exchange>): Promise<RefusedOr<Exchange>> {
  try {
    return { answer: await send() };
  } catch (error) {
    // What is no HTTP, or cannot be unpacked, is no refusal.
    if (error instanceof RequestFailure && error.kind === 'broken' && /connection/.test(error.reason))
      return { brokenOff: error.reason };
    throw error;
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<Observed<T>> {
  try {
    return { seen: true, value: await work() };
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    return { seen: false, reason: error.message };
  }
}
