import { readFileSync } from 'node:fs';
import { type Prices, readPrices } from './answering/prices.ts';
import { DEFAULT_LIMITS, type ProviderLimits } from './answering/provider/limits.ts';
import { readApiTokens } from './api-tokens.ts';
import { LOG_FORMATS, type LogFormat } from './telemetry/log-shape.ts';
import { readTracingSettings, type TracingSettings } from './telemetry/tracing-settings.ts';

/** Everything that the service is told from outside. Read once, at the start; nothing else looks at the environment. */
export interface ServiceSettings {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  /** Absent without a key: the offline answerer is used then. */
  readonly provider: ProviderSettings | undefined;
  /** What the model costs; absent where nobody told. */
  readonly prices: Prices | undefined;
  /** What callers of the API must bear one of; absent where it was said that anybody may call. */
  readonly apiTokens: readonly string[] | undefined;
  /** The bound on one answer, all rounds and tools together. */
  readonly answerDeadlineMs: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly logFormat: LogFormat;
  /** Absent unless OpenTelemetry's variables ask for traces. */
  readonly tracing: TracingSettings | undefined;
  /** How long new requests are still taken after the order to stop, while balancers learn of it. */
  readonly shutdownDelayMs: number;
  /** How long answers that have begun may go on after that. */
  readonly drainMs: number;
  /** How long a client may take to send the head of a request; the body has three times as long. */
  readonly requestHeadMs: number;
  /** Whether a failing provider takes the replica out of traffic. All replicas share it, so that is seldom wanted. */
  readonly readinessRequiresProvider: boolean;
}

export interface ProviderSettings {
  readonly apiKey: string;
  readonly baseUrl: string | undefined;
  readonly model: string;
  readonly limits?: Partial<ProviderLimits>;
}

/** What is wrong with the settings: all of it in one message, a sentence for each, without a value in any. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings are refused (${problems.length}): ${problems.join(' ')}`);
    this.problems = problems;
  }
}

/** What a stop takes beside its two waits: the last bytes out, and the connections to the database closed. */
const STOP_MARGIN_MS = 2_000;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings from an environment. Throws SettingsError with every problem at once. */
export function readSettings(env: Environment): ServiceSettings {
  const problems: string[] = [];
  const text = (name: string): string | undefined => fromFile(name, env, problems) ?? filled(env[name]);
  const whole = (name: string, fallback: number, min: number, max: number): number => {
    const value = filled(env[name]);
    if (value === undefined) return fallback;
    const number = Number(value);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    problems.push(`${name} must be a whole number from ${min} to ${max}.`);
    return fallback;
  };
  const yes = (name: string): boolean => {
    const value = filled(env[name])?.toLowerCase();
    if (value !== undefined && value !== 'true' && value !== 'false') problems.push(`${name} must be true or false.`);
    return value === 'true';
  };
  const url = (name: string, value: string | undefined, schemes: readonly string[]): string | undefined => {
    if (value === undefined) return undefined;
    if (URL.canParse(value) && schemes.includes(new URL(value).protocol)) return value;
    problems.push(`${name} must be a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}.`);
    return undefined;
  };

  const given = text('DATABASE_URL');
  if (given === undefined) problems.push('DATABASE_URL is missing: give the URL of the PostgreSQL database.');
  const databaseUrl = url('DATABASE_URL', given, ['postgres:', 'postgresql:']) ?? '';
  const baseUrl = url('OPENAI_BASE_URL', filled(env.OPENAI_BASE_URL), ['http:', 'https:']);
  const logLevel = LOG_LEVELS.find((level) => level === (filled(env.LOG_LEVEL) ?? 'info'));
  if (logLevel === undefined) problems.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`);
  const logFormat = LOG_FORMATS.find((format) => format === (filled(env.LOG_FORMAT) ?? 'json'));
  if (logFormat === undefined) problems.push(`LOG_FORMAT must be one of ${LOG_FORMATS.join(', ')}.`);
  const apiKey = text('OPENAI_API_KEY');
  const limits = {
    connectTimeoutMs: whole('LLM_CONNECT_TIMEOUT_MS', DEFAULT_LIMITS.connectTimeoutMs, 50, 60_000),
    firstTokenTimeoutMs: whole('LLM_FIRST_TOKEN_TIMEOUT_MS', DEFAULT_LIMITS.firstTokenTimeoutMs, 50, 600_000),
    idleTimeoutMs: whole('LLM_IDLE_TIMEOUT_MS', DEFAULT_LIMITS.idleTimeoutMs, 50, 600_000),
    wholeTimeoutMs: whole('LLM_WHOLE_TIMEOUT_MS', DEFAULT_LIMITS.wholeTimeoutMs, 50, 600_000),
    maxOutputTokens: whole('LLM_MAX_OUTPUT_TOKENS', DEFAULT_LIMITS.maxOutputTokens, 1, 1_000_000),
    concurrency: whole('LLM_CONCURRENCY', DEFAULT_LIMITS.concurrency, 1, 10_000),
    queue: whole('LLM_QUEUE', DEFAULT_LIMITS.queue, 0, 10_000),
    maxPauseMs: whole('LLM_MAX_PAUSE_MS', DEFAULT_LIMITS.maxPauseMs, 0, 600_000),
    retryAfterCapMs: whole('LLM_RETRY_AFTER_CAP_MS', DEFAULT_LIMITS.retryAfterCapMs, 0, 60_000),
  };
  const settings: ServiceSettings = {
    host: filled(env.HOST) ?? '0.0.0.0',
    port: whole('PORT', 8080, 0, 65_535),
    databaseUrl,
    databasePoolSize: whole('DATABASE_POOL_SIZE', 10, 1, 100),
    provider:
      apiKey === undefined ? undefined : { apiKey, baseUrl, model: filled(env.OPENAI_MODEL) ?? 'gpt-4.1-mini', limits },
    prices: readPrices(filled(env.PRICE_INPUT_PER_MILLION), filled(env.PRICE_OUTPUT_PER_MILLION), problems),
    apiTokens: readApiTokens(text('API_TOKENS'), filled(env.API_AUTH), problems),
    answerDeadlineMs: whole('ANSWER_DEADLINE_MS', 60_000, 100, 600_000),
    logLevel: logLevel ?? 'info',
    logFormat: logFormat ?? 'json',
    tracing: readTracingSettings(env, problems),
    shutdownDelayMs: whole('SHUTDOWN_DELAY_MS', 5_000, 0, 120_000),
    drainMs: whole('DRAIN_MS', 65_000, 0, 600_000),
    requestHeadMs: whole('REQUEST_HEAD_MS', 10_000, 100, 120_000),
    readinessRequiresProvider: yes('READINESS_REQUIRE_LLM'),
  };
  const graceSeconds = whole('TERMINATION_GRACE_PERIOD_SECONDS', 0, 0, 86_400);
  const stopMs = settings.shutdownDelayMs + settings.drainMs + STOP_MARGIN_MS;
  if (graceSeconds > 0 && stopMs > graceSeconds * 1_000)
    problems.push(
      `TERMINATION_GRACE_PERIOD_SECONDS must be at least ${Math.ceil(stopMs / 1_000)}: SHUTDOWN_DELAY_MS, DRAIN_MS and ${STOP_MARGIN_MS / 1_000} s pass before the service has stopped.`,
    );
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}

/** An empty variable is what a missing key of a Secret looks like, so it counts as missing. */
function filled(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

/** `NAME_FILE` names a mounted file that holds the value. */
function fromFile(name: string, env: Environment, problems: string[]): string | undefined {
  const file = filled(env[`${name}_FILE`]);
  if (file === undefined) return undefined;
  if (filled(env[name]) !== undefined) problems.push(`${name} and ${name}_FILE are both set: keep one of them.`);
  try {
    return filled(readFileSync(file, 'utf8'));
  } catch {
    problems.push(`${name}_FILE names a file that cannot be read.`);
    return undefined;
  }
}
