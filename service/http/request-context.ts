import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What belongs to one request, wherever its work goes. */
export interface RequestContext {
  readonly requestId: string;
  readonly traceparent: string;
  /** The same under the names that log lines use. */
  readonly logFields: { readonly requestId: string; readonly trace_id: string; readonly span_id: string };
}

const storage = new AsyncLocalStorage<RequestContext>();

export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

export function withRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Goes on with the caller's W3C trace where its `traceparent` is sound, and begins one otherwise. */
export function contextOf(headers: IncomingHttpHeaders): RequestContext {
  const given = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(String(headers.traceparent ?? ''))?.[1];
  const traceId = given === undefined || /^0+$/.test(given) ? randomBytes(16).toString('hex') : given;
  const spanId = randomBytes(8).toString('hex');
  const name = String(headers['x-request-id'] ?? '');
  // A name of the caller's own making goes into log lines, so only harmless ones are taken.
  const requestId = /^[A-Za-z0-9._-]{1,128}$/.test(name) ? name : randomUUID();
  return {
    requestId,
    traceparent: `00-${traceId}-${spanId}-01`,
    logFields: { requestId, trace_id: traceId, span_id: spanId },
  };
}
