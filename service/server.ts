import { createServer, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createAsking } from './answering/ask.ts';
import { createOfflineAnswerer } from './answering/offline-answerer.ts';
import { createOpenAiAnswerer } from './answering/openai-answerer.ts';
import { createToolbox, TOOL_NAMES } from './answering/toolbox.ts';
import { createAnswerStore } from './database/answers.ts';
import { migrate } from './database/migrations.ts';
import { createPool, createProbePool } from './database/pools.ts';
import { createApp } from './http/app.ts';
import { createDispatcher } from './http/dispatcher.ts';
import { createReadiness, READINESS_BUDGET_MS } from './readiness.ts';
import type { ServiceSettings } from './settings.ts';
import type { Logger } from './telemetry/logging.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { observePool } from './telemetry/observe-pool.ts';

export interface RunningService {
  /** The port that it really listens on, which differs from the setting where that is 0. */
  readonly port: number;
  /** Stops in order; resolves to false where something had to be cut off. */
  stop(): Promise<boolean>;
}

/** Longer than the idle time of common load balancers, so that it is never we who close a connection they are about to use. */
const KEEP_ALIVE_MS = 75_000;
const MIGRATION_RETRY_MS = 1_000;

/**
 * Starts the service. It listens before the database can be reached: liveness holds then and readiness does not, which is
 * what an orchestrator needs to see.
 */
export async function startService(settings: ServiceSettings, logger: Logger): Promise<RunningService> {
  const stopping = new AbortController();
  const cutOff = new AbortController();
  const pool = createPool(settings.databaseUrl, settings.databasePoolSize, logger);
  const probePool = createProbePool(settings.databaseUrl, READINESS_BUDGET_MS - 100, logger);
  const answerer = settings.provider === undefined ? createOfflineAnswerer() : createOpenAiAnswerer(settings.provider);
  const metrics = createMetrics({
    provider: answerer.provider,
    model: answerer.model,
    tools: TOOL_NAMES,
    pool: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      max: settings.databasePoolSize,
    }),
  });
  observePool(pool, metrics);
  const answers = createAnswerStore(pool);
  const asking = createAsking(
    answerer,
    createToolbox(pool, metrics, logger),
    answers,
    metrics,
    settings.answerDeadlineMs,
  );
  const readiness = createReadiness(probePool, logger);
  const app = createApp({ asking, answers, metrics, logger, shutdown: cutOff.signal });
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: KEEP_ALIVE_MS + 1_000 },
    createDispatcher({
      readiness,
      metrics,
      provider: asking.health,
      isDraining: () => stopping.signal.aborted,
      app,
    }),
  );
  // While draining, a connection that has just become idle would otherwise hold the server open.
  server.on('request', (_request, response) => {
    response.once('finish', () => {
      if (stopping.signal.aborted) setImmediate(() => server.closeIdleConnections());
    });
  });
  const port = await listen(server, settings);
  logger.info({ port, provider: answerer.provider, model: answerer.model }, 'the service listens');
  const migrated = migrateUntilDone();
  return { port, stop };

  async function migrateUntilDone(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        return await migrate(pool, logger);
      } catch (err) {
        logger.warn({ err }, 'the schema could not be brought up to date; trying again');
        await delay(MIGRATION_RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  async function stop(): Promise<boolean> {
    readiness.drain();
    stopping.abort();
    logger.info({ shutdownDelayMs: settings.shutdownDelayMs }, 'stopping: not ready any more, still answering');
    await delay(settings.shutdownDelayMs);
    const closed = new Promise<true>((resolve) => server.close(() => resolve(true)));
    server.closeIdleConnections();
    const whole = await Promise.race([closed, delay(settings.drainMs, false as const, { ref: false })]);
    if (!whole) {
      logger.warn('stopping: answers that took too long are cut off');
      cutOff.abort();
      server.closeAllConnections();
      await closed;
    }
    await migrated;
    await Promise.all([pool.end(), probePool.end()]);
    logger.info({ whole }, 'stopped');
    return whole;
  }
}

function listen(server: Server, { host, port }: ServiceSettings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
