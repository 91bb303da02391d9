import type { Exchange } from '../../core/endpoint-facts.ts';

export type HealthWord = 'pass' | 'warn' | 'fail';

/** What the body of a health endpoint says, whichever convention it follows. */
export interface HealthBody {
  readonly convention:
    | 'health+json'
    | 'Spring Actuator'
    | 'MicroProfile'
    | 'terminus'
    | 'Kubernetes'
    | 'JSON'
    | 'plain text';
  /** Undefined where the body gives no status that is known. */
  readonly word: HealthWord | undefined;
  /** The status as written. */
  readonly written: string | undefined;
  /** The parts that the body names, such as `database`. */
  readonly components: readonly string[];
  /** Those of them that fail by the word that stands beside their name. */
  readonly failing: readonly string[];
}

const WORDS: Readonly<Record<string, HealthWord>> = {
  pass: 'pass',
  ok: 'pass',
  up: 'pass',
  healthy: 'pass',
  alive: 'pass',
  live: 'pass',
  ready: 'pass',
  success: 'pass',
  serving: 'pass',
  true: 'pass',
  running: 'pass',
  warn: 'warn',
  warning: 'warn',
  degraded: 'warn',
  unknown: 'warn',
  fail: 'fail',
  error: 'fail',
  down: 'fail',
  unhealthy: 'fail',
  not_ready: 'fail',
  unavailable: 'fail',
  out_of_service: 'fail',
  shutting_down: 'fail',
  draining: 'fail',
  failed: 'fail',
  false: 'fail',
  not_serving: 'fail',
};

/** Keys of a body that hold the parts, in the conventions that are known. */
const PARTS = ['checks', 'components', 'details', 'info', 'error', 'dependencies', 'services', 'results', 'entries'];

/** Keys beside the parts that name no part. */
const PLAIN_KEYS =
  /^(?:status|state|message|msg|description|output|notes|links|version|release_?id|service_?(?:id|name)?|name|app(?:lication)?|uptime.*|time(?:stamp)?|pid|host(?:name)?|environment|env|ok|healthy|alive|live|ready|groups|commit|build|started.*|memory.*|rss|heap.*)$/i;

/** Reads a body by the five conventions: health+json, Spring Actuator, MicroProfile, terminus, Kubernetes' verbose text; else as it comes. */
export function readHealthBody({ body }: Exchange): HealthBody {
  const parsed = parseObject(body);
  if (parsed === undefined) return readText(body);
  const written = statusOf(parsed);
  const named = PARTS.flatMap((key) => namesIn(parsed[key]));
  // Some services put their parts beside the status, each with a word of its own.
  const beside = Object.entries(parsed)
    .filter(([key, value]) => !PARTS.includes(key) && !PLAIN_KEYS.test(key) && tellsStatus(value))
    .map(([key]) => key);
  return {
    convention: conventionOf(parsed),
    word: wordOf(written),
    written,
    components: [...new Set([...named, ...beside])],
    failing: [...PARTS.flatMap((key) => failingIn(parsed[key])), ...failingIn(pick(parsed, beside))],
  };
}

/** A part that the service does not bring itself: a database, a queue, a model. */
export function isDependency(component: string): boolean {
  return isDatabase(component) || DEPENDENCY.test(component);
}

export function isDatabase(component: string): boolean {
  return DATABASE.test(component);
}

const DATABASE =
  /postgres|psql|database|datasource|(?:^|[^a-z])(?:db|pg|sql)(?:$|[^a-z])|mysql|mariadb|mongo|sqlite|cockroach|jdbc|r2dbc|prisma|sequelize|typeorm|[a-z]D[bB](?:$|[^a-z])/i;
const DEPENDENCY =
  /redis|valkey|memcache|(?:^|[^a-z])cache|kafka|rabbit|amqp|nats|queue|broker|elastic|opensearch|qdrant|weaviate|pinecone|milvus|chroma|vector|llm|openai|anthropic|azure|bedrock|ollama|vllm|model|provider|upstream|s3|minio|bucket|smtp|ldap|vault|external/i;

function readText(body: string): HealthBody {
  const lines = body.split('\n').map((line) => line.trim());
  const verbose = lines.flatMap((line) => /^\[([+-])\]\s*(\S+)/.exec(line)?.[2] ?? []);
  if (verbose.length > 0) {
    const failing = lines.flatMap((line) => /^\[-\]\s*(\S+)/.exec(line)?.[1] ?? []);
    const word = failing.length > 0 ? 'fail' : 'pass';
    return { convention: 'Kubernetes', word, written: undefined, components: verbose, failing };
  }
  const written = body.trim().slice(0, 40);
  return {
    convention: 'plain text',
    word: wordOf(written),
    written: written === '' ? undefined : written,
    components: [],
    failing: [],
  };
}

function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function conventionOf(parsed: Readonly<Record<string, unknown>>): HealthBody['convention'] {
  if (Array.isArray(parsed.checks)) return 'MicroProfile';
  if (isObject(parsed.components)) return 'Spring Actuator';
  if (isObject(parsed.info) || isObject(parsed.details)) return 'terminus';
  if (isObject(parsed.checks) || parsed.status === 'pass') return 'health+json';
  return 'JSON';
}

function statusOf(parsed: Readonly<Record<string, unknown>>): string | undefined {
  for (const key of ['status', 'state', 'health', 'ok', 'healthy', 'ready', 'alive']) {
    const value = parsed[key];
    if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  }
  return undefined;
}

function wordOf(written: string | undefined): HealthWord | undefined {
  if (written === undefined) return undefined;
  const word = written
    .toLowerCase()
    .replace(/[.!]+$/, '')
    .replaceAll(/[\s-]+/g, '_');
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}

function namesIn(parts: unknown): readonly string[] {
  if (Array.isArray(parts))
    return parts.flatMap((part) =>
      isObject(part) && typeof part.name === 'string' ? [part.name] : typeof part === 'string' ? [part] : [],
    );
  return isObject(parts) ? Object.keys(parts) : [];
}

/** A part is a word, an object with one, or a list of such objects: one measurement of many that fails is a failure. */
function failingIn(parts: unknown): readonly string[] {
  if (Array.isArray(parts))
    return parts.flatMap((part) => (isObject(part) && typeof part.name === 'string' && fails(part) ? [part.name] : []));
  if (!isObject(parts)) return [];
  return Object.entries(parts).flatMap(([name, part]) => ([part].flat().some(fails) ? [name] : []));
}

function fails(part: unknown): boolean {
  const written = isObject(part) ? statusOf(part) : typeof part === 'string' ? part : undefined;
  return wordOf(written) === 'fail';
}

function pick(parsed: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keys.map((key) => [key, parsed[key]]));
}

function tellsStatus(value: unknown): boolean {
  if (isObject(value)) return statusOf(value) !== undefined;
  return (
    typeof value === 'boolean' ||
    (typeof value === 'string' && (wordOf(value) !== undefined || /^(?:dis)?connected$/i.test(value)))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
