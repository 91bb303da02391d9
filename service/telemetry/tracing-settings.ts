/** What the standard variables of OpenTelemetry say on traces; where to send them, the exporter reads from these itself. */
export interface TracingSettings {
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly sampler: (typeof SAMPLERS)[number];
  /** Share of the traces that are kept, for the samplers by ratio. */
  readonly ratio: number;
  readonly batch: {
    readonly scheduledDelayMillis: number;
    readonly exportTimeoutMillis: number;
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
  };
  /** What the headers to the collector carry, which is often a key. */
  readonly secrets: readonly string[];
}

const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
const SAMPLERS = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
] as const;

interface Reading {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly problems: string[];
}

/**
 * Reads the settings of traces: absent, and so off, unless an exporter or a collector's address is given. Adds a sentence to
 * the problems for each variable that cannot be followed.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function readTracingSettings(
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): TracingSettings | undefined {
  const reading = { env, problems };
  if (!isWanted(reading)) return undefined;
  const protocol = oneOf(
    reading,
    env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL === undefined
      ? 'OTEL_EXPORTER_OTLP_PROTOCOL'
      : 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    PROTOCOLS,
  );
  const queue = whole(reading, 'OTEL_BSP_MAX_QUEUE_SIZE', 2_048, 1);
  const batch = whole(reading, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', Math.min(512, queue), 1);
  if (batch > queue) problems.push('OTEL_BSP_MAX_EXPORT_BATCH_SIZE must not be above OTEL_BSP_MAX_QUEUE_SIZE.');
  return {
    protocol,
    sampler: oneOf(reading, 'OTEL_TRACES_SAMPLER', SAMPLERS),
    ratio: ratio(reading),
    batch: {
      scheduledDelayMillis: whole(reading, 'OTEL_BSP_SCHEDULE_DELAY', 5_000, 0),
      exportTimeoutMillis: whole(reading, 'OTEL_BSP_EXPORT_TIMEOUT', 30_000, 1),
      maxQueueSize: queue,
      maxExportBatchSize: batch,
    },
    secrets: secretsIn(env.OTEL_EXPORTER_OTLP_HEADERS, env.OTEL_EXPORTER_OTLP_TRACES_HEADERS),
  };
}

function isWanted({ env, problems }: Reading): boolean {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false;
  const exporter = filled(env.OTEL_TRACES_EXPORTER);
  if (exporter === 'none') return false;
  if (exporter === 'otlp') return true;
  if (exporter !== undefined) {
    problems.push('OTEL_TRACES_EXPORTER must be otlp or none: standard output carries the log and nothing else.');
    return false;
  }
  const endpoint = filled(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) ?? filled(env.OTEL_EXPORTER_OTLP_ENDPOINT);
  return endpoint !== undefined;
}

/** The first is the default. */
function oneOf<const Choice extends string>(
  { env, problems }: Reading,
  name: string,
  choices: readonly Choice[],
): Choice {
  const given = filled(env[name]);
  const [fallback = '' as Choice] = choices;
  const found = given === undefined ? fallback : choices.find((choice) => choice === given);
  if (found === undefined) problems.push(`${name} must be one of ${choices.join(', ')}.`);
  return found ?? fallback;
}

function whole({ env, problems }: Reading, name: string, fallback: number, min: number): number {
  const given = filled(env[name]);
  if (given === undefined) return fallback;
  const number = Number(given);
  if (Number.isInteger(number) && number >= min && number <= 3_600_000) return number;
  problems.push(`${name} must be a whole number from ${min} to 3600000.`);
  return fallback;
}

function ratio({ env, problems }: Reading): number {
  const number = Number(filled(env.OTEL_TRACES_SAMPLER_ARG) ?? 1);
  if (number >= 0 && number <= 1) return number;
  problems.push('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1.');
  return 1;
}

function secretsIn(...headers: readonly (string | undefined)[]): readonly string[] {
  return headers.flatMap((list) => (list ?? '').split(',')).map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
}

function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
