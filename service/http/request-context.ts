import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { randomHex } from '../random-hex.ts';
import { currentTracer, NO_SPAN, type Span, type SpanStart } from '../telemetry/tracer.ts';

/** What belongs to one request, wherever its work goes. */
export interface RequestContext {
  readonly requestId: string;
  /** For calls of others, so that they go on with this trace. */
  readonly traceparent: string;
  /** The same under the names that log lines use. */
  readonly logFields: {
    readonly requestId: string;
    readonly trace_id: string;
    readonly span_id: string;
    readonly trace_flags: string;
  };
  /** What is being done now; nothing where nobody asked for traces. */
  readonly span: Span;
}

/** The flags of a trace that somebody keeps. */
export const SAMPLED = '01';

const storage = new AsyncLocalStorage<RequestContext>();

export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

export function withRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Goes on with the caller's W3C trace where its `traceparent` is sound, and begins one otherwise. */
export function contextOf(headers: IncomingHttpHeaders): RequestContext {
  const caller = readTraceparent(String(headers.traceparent ?? ''));
  const requestId = requestIdOf(headers);
  const traceId = caller?.traceId ?? randomHex(16);
  const spanId = newSpanId();
  const span = currentTracer()?.start({
    name: 'request',
    kind: 'server',
    traceId,
    spanId,
    ...(caller === undefined ? {} : { parent: { spanId: caller.spanId, remote: true, sampled: caller.sampled } }),
  });
  return makeContext(requestId, traceId, spanId, span?.sampled ?? caller?.sampled ?? false, span ?? NO_SPAN);
}

/** The caller's name for the request. It goes into log lines, so only a harmless one is taken, and another is made otherwise. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const name = String(headers['x-request-id'] ?? '');
  return /^[A-Za-z0-9._-]{1,128}$/.test(name) ? name : randomUUID();
}

/** The context of a part of the work; undefined where nobody asked for traces. */
export function childContext(
  { requestId, logFields, span: parent }: RequestContext,
  part: Pick<SpanStart, 'name' | 'kind' | 'attributes'>,
): RequestContext | undefined {
  const tracer = currentTracer();
  if (tracer === undefined) return undefined;
  const spanId = newSpanId();
  const span = tracer.start({
    ...part,
    traceId: logFields.trace_id,
    spanId,
    parent: { spanId: logFields.span_id, remote: false, sampled: parent.sampled },
  });
  return makeContext(requestId, logFields.trace_id, spanId, span.sampled, span);
}

function makeContext(requestId: string, traceId: string, spanId: string, sampled: boolean, span: Span): RequestContext {
  const flags = sampled ? SAMPLED : '00';
  return {
    requestId,
    traceparent: `00-${traceId}-${spanId}-${flags}`,
    logFields: { requestId, trace_id: traceId, span_id: spanId, trace_flags: flags },
    span,
  };
}

/**
 * Reads a `traceparent` by W3C Trace Context: lower case, no id of zeros alone, and nothing behind the flags in version 00,
 * while later versions may add to it.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
function readTraceparent(
  header: string,
): { readonly traceId: string; readonly spanId: string; readonly sampled: boolean } | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(header) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function newSpanId(): string {
  return randomHex(8);
}
