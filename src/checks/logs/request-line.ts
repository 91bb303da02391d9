/** What a JSON line says of a request. */
export interface RequestLine {
  /** The name of the field that holds the id of the trace or of the request; undefined where none does. */
  readonly id: string | undefined;
  /** Asked by a kubelet or by Prometheus, and not by a caller. */
  readonly isOperational: boolean;
  /** Of the answer, where the line tells it. */
  readonly status: number | undefined;
}

/**
 * The names, nested by dots, under which loggers write them: pino-http, ECS, OpenTelemetry (semantic conventions of HTTP, old
 * and new), structlog and uvicorn, zap and chi, Logback, Envoy and the controllers of ingress.
 */
const METHOD = [
  'method',
  'http_method',
  'req.method',
  'request.method',
  'http.request.method',
  'http.method',
  'request_method',
  'verb',
];
const PATH = [
  'path',
  'url',
  'route',
  'uri',
  'request_uri',
  'req.url',
  'req.path',
  'request.url',
  'request.path',
  'url.path',
  'url.original',
  'http.target',
  'http.url',
  'http.route',
  'http_path',
];
const STATUS = [
  'status',
  'statusCode',
  'status_code',
  'res.statusCode',
  'response.status',
  'response.status_code',
  'http.response.status_code',
  'http.status_code',
  'http_status',
];
const ID = [
  'trace_id',
  'traceId',
  'traceid',
  'trace.id',
  'TraceId',
  'dd.trace_id',
  'logging.googleapis.com/trace',
  'requestId',
  'request_id',
  'reqId',
  'req.id',
  'request.id',
  'http.request.id',
  'x_request_id',
  'x-request-id',
  'correlationId',
  'correlation_id',
  'correlation.id',
  'transaction.id',
];
/** Where a logger puts what its caller adds. */
const HOLDERS = ['', 'attributes.', 'Attributes.', 'context.', 'extra.', 'fields.', 'mdc.', 'labels.'];

const OPERATIONAL =
  /^(?:https?:\/\/[^/]+)?\/(?:[\w-]+\/)*(?:health\w*|live\w*|ready\w*|readiness|liveness|startup|metrics|ping|prometheus)(?:[/?].*)?$/i;
const METHOD_WORD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/i;

/** Undefined for a line that is no JSON object, or tells of no request. */
export function requestOf(line: string): RequestLine | undefined {
  const record = parseRecord(line);
  if (record === undefined) return undefined;
  const method = firstOf(record, METHOD)?.value;
  const path = firstOf(record, PATH)?.value;
  if (typeof method !== 'string' || !METHOD_WORD.test(method)) return undefined;
  const status = firstOf(record, STATUS)?.value;
  if (typeof path !== 'string' && !isStatus(status)) return undefined;
  const id = firstOf(record, ID);
  return {
    id: id?.name,
    status: isStatus(status) ? Number(status) : undefined,
    isOperational: typeof path === 'string' && OPERATIONAL.test(path),
  };
}

function parseRecord(line: string): object | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function firstOf(
  record: object,
  names: readonly string[],
): { readonly name: string; readonly value: unknown } | undefined {
  for (const holder of HOLDERS)
    for (const name of names) {
      const value = valueAt(record, holder + name);
      if (value !== undefined && value !== null && value !== '') return { name: holder + name, value };
    }
  return undefined;
}

/** A name with dots is either one name or a way through objects, and ECS writes both. */
function valueAt(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, name)) return (value as Readonly<Record<string, unknown>>)[name];
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const outer = name.slice(0, dot);
    if (Object.hasOwn(value, outer)) {
      const found = valueAt((value as Readonly<Record<string, unknown>>)[outer], name.slice(dot + 1));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function isStatus(value: unknown): boolean {
  return Number(value) >= 100 && Number(value) <= 599;
}
