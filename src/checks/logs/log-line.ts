/** What a line of a log is, where it is not one JSON object with a time, a level and a message. */
export type LineClass =
  | 'structured'
  | 'no-time'
  | 'no-level'
  | 'no-message'
  | 'unknown-level'
  | 'runtime-warning'
  | 'stack'
  | 'coloured'
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
    /^\s+at |^\s*File "[^"]+", line \d+|^Traceback |^Exception in thread |^[\w.$]*(?:Error|Exception)\b.*:|^goroutine \d+|^panic: |^\s+\^+\s*$|^Node\.js v\d/,
  ],
  ['package-manager', /^> |^npm (?:warn|error|notice|ERR!)|^yarn (?:run|warning)/i],
  ['split-line', /^\{"|"\}$/],
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const COLOUR = /\u001b\[[0-9;]*m/;

export function classifyLine(line: string): LineClass {
  if (COLOUR.test(line)) return 'coloured';
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
  coloured: 'coloured for a terminal (ANSI escapes)',
  'split-line': 'a part of a JSON line that was split',
  'package-manager': 'output of a package manager',
  text: 'plain text',
};

/** A line that is one JSON object. */
export interface LogRecord {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Since 1970; undefined where none can be read. */
  readonly timeMs: number | undefined;
  readonly level: Level;
  readonly message: string;
  /** The error that it carries: its own words for it. */
  readonly error: string | undefined;
}

/** `quiet`: information and below, which nobody is woken for; `loud`: a warning and above. */
export type Level = 'quiet' | 'loud' | 'unknown';

/** Undefined for a line that is no JSON object. */
export function readRecord(line: string): LogRecord | undefined {
  const record = parseRecord(line);
  if (record === undefined) return undefined;
  const message = MESSAGE.map((name) => fieldOf(record, name)).find((value) => typeof value === 'string');
  return {
    fields: record,
    timeMs: TIME.map((name) => timeIn(fieldOf(record, name))).find((value) => value !== undefined),
    level: levelOf(record),
    message: typeof message === 'string' ? message : '',
    error: ERROR.map((name) => errorIn(fieldOf(record, name))).find((value) => value !== undefined),
  };
}

/** Where loggers put what was thrown. */
const ERROR = [
  'err',
  'error',
  'exception',
  'exc_info',
  'stack',
  'stack_trace',
  'stacktrace',
  'error.stack_trace',
  'exception.stacktrace',
  'errorVerbose',
];

/** An error with its stack; a word in a field of that name can be a code or a count. */
function errorIn(value: unknown): string | undefined {
  if (typeof value === 'string')
    return /\n\s+at |Traceback \(most recent call last\)|^\w*(?:Error|Exception): /.test(value)
      ? (value.split('\n')[0] ?? value)
      : undefined;
  if (!isObject(value)) return undefined;
  const { stack, stack_trace: trace, type, name, message } = value;
  if (typeof stack !== 'string' && typeof trace !== 'string') return undefined;
  return [type, name, message].find((each) => typeof each === 'string' && each !== '') as string | undefined;
}

const QUIET_WORDS = /^(?:trace|debug|verbose|silly|info|information|informational|notice|http)[0-9]?$/i;

function levelOf(record: Readonly<Record<string, unknown>>): Level {
  for (const name of LEVEL) {
    const value = fieldOf(record, name);
    if (typeof value === 'string' && LEVEL_WORDS.test(value)) return QUIET_WORDS.test(value) ? 'quiet' : 'loud';
    if (typeof value !== 'number') continue;
    // OpenTelemetry counts to 24 and begins to warn at 13; pino and bunyan in tens, and at 40; syslog downwards, and at 4.
    if (/severity_?number/i.test(name)) return value < 13 ? 'quiet' : 'loud';
    if (value >= 10) return value < 40 ? 'quiet' : 'loud';
    return value >= 5 ? 'quiet' : 'loud';
  }
  return 'unknown';
}

/** Seconds to nanoseconds since 1970 differ by their size. */
function timeIn(value: unknown): number | undefined {
  if (typeof value === 'number' && value > 1e9) {
    const digits = Math.floor(Math.log10(value));
    return value / 10 ** (digits >= 18 ? 6 : digits >= 15 ? 3 : digits >= 12 ? 0 : -3);
  }
  // Without a zone it is nobody's time, but it goes on all the same.
  const parsed = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

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
