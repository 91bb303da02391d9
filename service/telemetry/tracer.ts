/** What a span is told of; names and values as OpenTelemetry's conventions write them. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly traceId: string;
  readonly spanId: string;
  /** Absent where the trace begins here. */
  readonly parent?: { readonly spanId: string; readonly remote: boolean; readonly sampled: boolean };
  readonly attributes?: SpanAttributes;
}

/** A span that goes on. */
export interface Span {
  /** Whether it will be told to anybody. */
  readonly sampled: boolean;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** Of few kinds, and never a message: what errors say is for the log. */
  fail(errorType: string): void;
  end(): void;
}

export interface Tracer {
  start(span: SpanStart): Span;
  /** Tells what has not been told yet, within the bound. */
  stop(timeoutMs: number): Promise<void>;
}

/** What spans are where nobody asked for traces: nothing, at the cost of a call. */
export const NO_SPAN: Span = { sampled: false, rename() {}, set() {}, fail() {}, end() {} };

let current: Tracer | undefined;

/** The tracer of this process, where traces are wanted. */
export function currentTracer(): Tracer | undefined {
  return current;
}

export function setTracer(tracer: Tracer | undefined): void {
  current = tracer;
}
