import { VERSION } from '../version.ts';
import { type DescribedError, describeError } from './describe-error.ts';

export const LOG_FORMATS = ['json', 'ecs'] as const;

/** The names that lines have: OpenTelemetry's short ones, or those of the Elastic Common Schema. */
export type LogFormat = (typeof LOG_FORMATS)[number];

type Fields = Readonly<Record<string, unknown>>;

export interface LogShape {
  readonly timeKey: string;
  readonly messageKey: string;
  readonly levelKey: string;
  /** On every line. */
  readonly base: Fields;
  /** The fields of one line, renamed. */
  rename(fields: Fields): Fields;
  /** Marks a line that was cut. */
  readonly truncatedKey: string;
}

/** Names of the line itself, which no field may take a second time: a parser would keep either. */
const JSON_RESERVED = new Set(['time', 'level', 'msg', 'service', 'version', 'truncated']);

const SHAPES: Readonly<Record<LogFormat, LogShape>> = {
  json: {
    timeKey: 'time',
    messageKey: 'msg',
    levelKey: 'level',
    base: { service: 'qna', version: VERSION },
    rename: (fields) =>
      Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [JSON_RESERVED.has(name) ? `${name}_` : name, tellable(value)]),
      ),
    truncatedKey: 'truncated',
  },
  ecs: {
    timeKey: '@timestamp',
    messageKey: 'message',
    levelKey: 'log.level',
    base: { 'ecs.version': '8.11.0', 'service.name': 'qna', 'service.version': VERSION, 'event.dataset': 'qna' },
    rename: (fields) => Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => ecsField(name, value))),
    truncatedKey: 'qna.truncated',
  },
};

export function logShape(format: LogFormat): LogShape {
  return SHAPES[format];
}

const ECS_NAMES: Readonly<Record<string, string>> = {
  requestId: 'http.request.id',
  trace_id: 'trace.id',
  span_id: 'span.id',
  method: 'http.request.method',
  status: 'http.response.status_code',
};

/** What the schema has no name for stands under the service's own, where it can never meet a field of the schema. */
function ecsField(name: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (name === 'err') return ecsError(value);
  if (name === 'durationMs' && typeof value === 'number') return [['event.duration', Math.round(value * 1e6)]];
  return [[ECS_NAMES[name] ?? `qna.${name}`, tellable(value)]];
}

function ecsError(error: unknown): readonly (readonly [string, unknown])[] {
  const { type, message, code, stack, causes } = describeError(error);
  const fields: readonly (readonly [string, unknown])[] = [
    ['error.type', type],
    ['error.message', message],
    ['error.code', code],
    ['error.stack_trace', stack],
    ['qna.causes', causes],
  ];
  return fields.filter(([, value]) => value !== undefined);
}

/** Errors tell nothing of themselves as JSON, or all that they carry. */
function tellable(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return describeError(value) satisfies DescribedError;
  if (typeof value !== 'object' || value === null || depth >= 6) return value;
  if (Array.isArray(value)) return value.map((inner) => tellable(inner, depth + 1));
  if (value instanceof Map || value instanceof Set) return tellable([...value], depth + 1);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, tellable(inner, depth + 1)]));
}
