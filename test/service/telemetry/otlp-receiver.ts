import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where it is a root. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  /** Nanoseconds since 1970. */
  readonly start: bigint;
  readonly end: bigint;
  readonly resource: Readonly<Record<string, string | number | boolean>>;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  readonly requests: readonly { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
}

/** A collector as small as one can be: takes OTLP over HTTP, in both of its encodings, and decodes it. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: { path: string; headers: Readonly<Record<string, unknown>> }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    requests.push({ path: request.url ?? '', headers: request.headers });
    const json = request.headers['content-type'] === 'application/json';
    spans.push(...(json ? decodeJson(body.toString()) : decodeProtobuf(body)));
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? '' });
    response.end(json ? '{}' : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, requests };
}

type Attribute = { readonly key: string; readonly value: Readonly<Record<string, string | number | boolean>> };

interface JsonTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly name: string;
        readonly kind: number;
        readonly attributes: readonly Attribute[];
        readonly status?: { readonly code?: number };
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
      }[];
    }[];
  }[];
}

function decodeJson(text: string): readonly ReceivedSpan[] {
  const read = (attributes: readonly Attribute[]) =>
    Object.fromEntries(
      attributes.map(({ key, value }) => [
        key,
        'intValue' in value ? Number(value.intValue) : (Object.values(value)[0] ?? ''),
      ]),
    );
  return (JSON.parse(text) as JsonTraces).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId = '', name, kind, attributes, status, ...times }) => ({
        traceId,
        spanId,
        parentSpanId,
        name,
        kind,
        attributes: read(attributes),
        status: status?.code ?? 0,
        start: BigInt(times.startTimeUnixNano),
        end: BigInt(times.endTimeUnixNano),
        resource: read(resource.attributes),
      })),
    ),
  );
}

/** The values of each field of one message, by their numbers; see https://protobuf.dev/programming-guides/encoding/. */
type Message = ReadonlyMap<number, readonly (Buffer | bigint)[]>;

function decodeMessage(bytes: Buffer): Message {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    if (wire !== 0 && wire !== 1 && wire !== 2 && wire !== 5) throw new Error(`there is no wire type ${wire}`);
    const value = wire === 0 ? varint() : wire === 1 ? take(8) : wire === 5 ? take(4) : take(Number(varint()));
    const field = fields.get(tag >> 3);
    if (field === undefined) fields.set(tag >> 3, [value]);
    else field.push(value);
  }
  return fields;
}

/** Field numbers of opentelemetry/proto/collector/trace/v1, trace/v1, resource/v1 and common/v1. */
function decodeProtobuf(body: Buffer): readonly ReceivedSpan[] {
  const inner = (message: Message, number: number) =>
    (message.get(number) ?? []).map((value) => decodeMessage(value as Buffer));
  const text = (message: Message, number: number) => String(message.get(number)?.[0] ?? '');
  const hex = (message: Message, number: number) =>
    ((message.get(number)?.[0] ?? Buffer.alloc(0)) as Buffer).toString('hex');
  const attributes = (message: Message, number: number) =>
    Object.fromEntries(
      inner(message, number).map((pair) => [text(pair, 1), attributeValue(inner(pair, 2)[0] ?? new Map())]),
    );
  return inner(decodeMessage(body), 1).flatMap((resourceSpans) => {
    const resource = attributes(inner(resourceSpans, 1)[0] ?? new Map(), 1);
    return inner(resourceSpans, 2).flatMap((scope) =>
      inner(scope, 2).map((span) => ({
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
        kind: Number(span.get(6)?.[0] ?? 0),
        start: fixed64(span, 7),
        end: fixed64(span, 8),
        attributes: attributes(span, 9),
        status: Number(inner(span, 15)[0]?.get(3)?.[0] ?? 0),
        resource,
      })),
    );
  });
}

function fixed64(message: Message, number: number): bigint {
  return ((message.get(number)?.[0] ?? Buffer.alloc(8)) as Buffer).readBigUInt64LE();
}

function attributeValue(value: Message): string | number | boolean {
  const [string, bool, int, double] = [1, 2, 3, 4].map((number) => value.get(number)?.[0]);
  if (string !== undefined) return String(string);
  if (bool !== undefined) return bool === 1n;
  if (int !== undefined) return Number(int);
  return double === undefined ? '' : (double as Buffer).readDoubleLE();
}
