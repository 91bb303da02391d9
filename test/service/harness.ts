import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { startPostgres } from '../../scripts/postgres.ts';
import { type RunningService, startService } from '../../service/server.ts';
import type { ServiceSettings } from '../../service/settings.ts';
import { createLogger } from '../../service/telemetry/logging.ts';
import { createScrub, secretsOf } from '../../service/telemetry/scrub.ts';

export interface TestPostgres {
  /** A database of its own for whoever asks. */
  createDatabase(): Promise<string>;
  /** Runs a statement as the administrator. */
  query(sql: string): Promise<unknown>;
  /** Runs a statement in one of those databases. */
  queryIn(databaseUrl: string, sql: string): Promise<pg.QueryResult>;
  stop(): Promise<void>;
}

/** A real PostgreSQL for one test file, in a folder that goes with it. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'qna-ready-postgres-'));
  const server = await startPostgres(folder);
  let count = 0;
  return {
    async createDatabase() {
      count += 1;
      await server.createDatabase(`test_${count}`);
      return server.urlOf(`test_${count}`);
    },
    query: (sql) => queryIn(server.urlOf('postgres'), sql),
    queryIn,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function queryIn(databaseUrl: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

export interface TestService extends RunningService {
  readonly url: string;
  /** Every line that was logged. */
  readonly lines: readonly string[];
  get(path: string, init?: RequestInit): Promise<Response>;
  ask(question: unknown, init?: RequestInit): Promise<Response>;
}

/** Starts the service in this process, on a port of its own, for as long as the test runs. */
export async function startTestService(
  settings: Partial<ServiceSettings> & { readonly databaseUrl: string },
): Promise<TestService> {
  const lines: string[] = [];
  const whole: ServiceSettings = {
    host: '127.0.0.1',
    port: 0,
    databasePoolSize: 4,
    provider: undefined,
    apiTokens: undefined,
    prices: undefined,
    answerDeadlineMs: 5_000,
    logLevel: 'debug',
    logFormat: 'json',
    tracing: undefined,
    shutdownDelayMs: 0,
    drainMs: 2_000,
    requestHeadMs: 5_000,
    readinessRequiresProvider: false,
    ...settings,
  };
  const logger = createLogger({
    level: whole.logLevel,
    format: whole.logFormat,
    scrub: createScrub(secretsOf(whole)),
    destination: { write: (line: string) => void lines.push(line.trimEnd()) },
  });
  const service = await startService(whole, logger);
  let stopped: Promise<boolean> | undefined;
  const stop = () => {
    stopped ??= service.stop();
    return stopped;
  };
  onTestFinished(async () => {
    await stop();
  });
  const url = `http://127.0.0.1:${service.port}`;
  return {
    port: service.port,
    stop,
    url,
    lines,
    get: (path, init) => fetch(`${url}${path}`, init),
    ask: (question, init) =>
      fetch(`${url}/v1/ask`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ question }),
        ...init,
      }),
  };
}

/** The value of one series on a metrics page; undefined where it is not there. */
export function seriesOf(page: string, series: string): number | undefined {
  const line = page.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
