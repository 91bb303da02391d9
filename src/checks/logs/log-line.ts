/** What a line of a log is, where it is not one JSON object with a time, a level and a message. */
export type LineClass =
  | 'structured'
  | 'no-time'
  | 'no-level'
  | 'no-message'
  | 'unknown-level'
  | 'runtime-warning'
  | 'stack'
  | 'split-line'
  | 'package-manager'
  | 'text';

/** Names under which the common loggers write each field: pino, winston, bunyan, ECS, OpenTelemetry, structlog, zap, slog, Log4j. */
const TIME = [
  'time',
  'timestamp',
  '@timestamp',
  'ts',
  'Timestamp',
  'datetime',
  'asctime',
  'date',
  'instant',
  'eventTime',
];
const LEVEL = [
  'level',
  'log.level',
  'severity',
  'severity_text',
  'severityText',
  'SeverityText',
  'lvl',
  'levelname',
  'log_level',
  'severity_number',
  'SeverityNumber',
];
const MESSAGE = ['msg', 'message', 'event', 'body', 'Body', 'text'];

const LEVEL_WORDS =
  /^(?:trace|debug|verbose|silly|info|information|informational|notice|http|warn|warning|err|error|severe|critical|crit|fatal|panic|dpanic|alert|emerg|emergency)[0-9]?$/i;

const TEXT_FORMS: readonly (readonly [LineClass, RegExp])[] = [
  ['runtime-warning', /^\(node:\d+\)|^\(Use `node --|Warning: |^\S+\.py:\d+: \w*Warning/],
  [
    'stack',
    /^\s+at |^\s*File "[^"]+", line \d+|^Traceback |^\w*(?:Error|Exception)\b.*:|^goroutine \d+|^panic: |^\s+\^+\s*$|^Node\.js v\d/,
  ],
  ['package-manager', /^> |^npm (?:warn|error|notice|ERR!)|^yarn (?:run|warning)/i],
  ['split-line', /^\{"|"\}$/],
];

export function classifyLine(line: string): LineClass {
  const record = parseRecord(line);
  if (record === undefined) return TEXT_FORMS.find(([, form]) => form.test(line))?.[0] ?? 'text';
  if (!TIME.some((name) => isTime(fieldOf(record, name)))) return 'no-time';
  const level = LEVEL.map((name) => fieldOf(record, name)).find((value) => value !== undefined);
  if (level === undefined) return 'no-level';
  if (!isLevel(level)) return 'unknown-level';
  return MESSAGE.some((name) => isMessage(fieldOf(record, name))) ? 'structured' : 'no-message';
}

/** Told in a sentence about several lines of the class. */
export const CLASS_TEXT: Readonly<Record<Exclude<LineClass, 'structured'>, string>> = {
  'no-time': 'JSON without a time that can be read',
  'no-level': 'JSON without a level',
  'no-message': 'JSON without a message',
  'unknown-level': 'JSON with a level that no logger knows',
  'runtime-warning': 'a warning of the runtime',
  stack: 'a stack trace',
  'split-line': 'a part of a JSON line that was split',
  'package-manager': 'output of a package manager',
  text: 'plain text',
};

function parseRecord(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** ECS writes `log.level` flat or nested. */
function fieldOf(record: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  const [outer = '', inner] = name.split('.');
  const nested = record[outer];
  return inner !== undefined && isObject(nested) ? nested[inner] : undefined;
}

/** A date in words, or seconds to nanoseconds since 1970. */
function isTime(value: unknown): boolean {
  if (typeof value === 'number') return value > 1e9;
  if (typeof value === 'string')
    return /^\d{4}-\d{2}-\d{2}/.test(value)
      ? !Number.isNaN(Date.parse(value.replace(',', '.')))
      : /^\d{10,19}(?:\.\d+)?$/.test(value);
  return isObject(value) && typeof value.epochSecond === 'number';
}

function isLevel(value: unknown): boolean {
  return typeof value === 'number' ? value >= 0 && value <= 60 : typeof value === 'string' && LEVEL_WORDS.test(value);
}

function isMessage(value: unknown): boolean {
  return typeof value === 'string' || isObject(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
