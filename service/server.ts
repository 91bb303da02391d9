import { createServer, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createAsking } from './answering/ask.ts';
import { createDegradingAnswerer } from './answering/degrading-answerer.ts';
import { searchDocuments } from './answering/documents.ts';
import { createOfflineAnswerer } from './answering/offline-answerer.ts';
import { createOpenAiAnswerer } from './answering/openai-answerer.ts';
import { createToolboxes } from './answering/toolbox.ts';
import { createTools, TOOL_NAMES } from './answering/tools.ts';
import { createAnswerStore } from './database/answers.ts';
import { createDocumentStore } from './database/documents.ts';
import { createIdempotencyStore } from './database/idempotency.ts';
import { migrate, SchemaMismatch } from './database/migrations.ts';
import { createPool, createProbePool, endPools } from './database/pools.ts';
import { createApp } from './http/app.ts';
import { createDispatcher } from './http/dispatcher.ts';
import type { DocumentsParts } from './http/documents-routes.ts';
import { answerExpectation, answerUnreadable } from './http/unreadable.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { createReadiness, READINESS_BUDGET_MS } from './readiness.ts';
import { withSecondChance } from './second-chance.ts';
import type { ServiceSettings } from './settings.ts';
import type { Logger } from './telemetry/logging.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { observePool } from './telemetry/observe-pool.ts';

export interface RunningService {
  /** The port that it really listens on, which differs from the setting where that is 0. */
  readonly port: number;
  /** Stops in order; resolves to false where something had to be cut off. The reason is for the log. */
  stop(reason?: string): Promise<boolean>;
}

/** Longer than the idle time of common load balancers, so that it is never we who close a connection they are about to use. */
const KEEP_ALIVE_MS = 75_000;
/** An answer that is ready has so long to be kept. */
const CLAIM_MARGIN_MS = 30_000;
const MIGRATION_RETRY_MS = 1_000;
/** How long answers that are cut off have for their last words. */
const CUT_OFF_MS = 1_000;
/** How long the last bytes may take to leave. */
const LAST_BYTES_MS = 250;

/**
 * Starts the service. It listens before the database can be reached: liveness holds then and readiness does not, which is
 * what an orchestrator needs to see.
 */
export async function startService(settings: ServiceSettings, logger: Logger): Promise<RunningService> {
  const stopping = new AbortController();
  const cutOff = new AbortController();
  const pool = createPool(settings.databaseUrl, settings.databasePoolSize, logger);
  const probePool = createProbePool(settings.databaseUrl, READINESS_BUDGET_MS - 100, logger);
  const offline = createOfflineAnswerer();
  const metrics = createMetrics({
    provider: settings.provider === undefined ? offline.provider : 'openai',
    model: settings.provider?.model ?? offline.model,
    tools: TOOL_NAMES,
    pool: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      max: settings.databasePoolSize,
    }),
  });
  observePool(pool, metrics);
  const answerer =
    settings.provider === undefined
      ? offline
      : createDegradingAnswerer(
          createOpenAiAnswerer(settings.provider, metrics, settings.prices),
          offline,
          metrics,
          logger,
        );
  const answers = createAnswerStore(pool);
  const asking = createAsking({
    answerer,
    openToolbox: createToolboxes(
      createTools(pool, () => new Date()),
      metrics,
      logger,
    ),
    prices: settings.prices,
    answers,
    metrics,
    logger,
    deadlineMs: settings.answerDeadlineMs,
  });
  const readiness = createReadiness(probePool, logger);
  const knowledge: DocumentsParts = {
    documents: createDocumentStore(pool),
    search: (query, limit) => searchDocuments(pool, query, limit),
  };
  const inFlight = createInFlight();
  const app = createApp({
    apiTokens: settings.apiTokens,
    asking,
    answers,
    keys: createIdempotencyStore(pool, settings.answerDeadlineMs + CLAIM_MARGIN_MS),
    knowledge,
    metrics,
    logger,
    shutdown: cutOff.signal,
  });
  let attempted = false;
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: settings.requestHeadMs,
      requestTimeout: 3 * settings.requestHeadMs,
      connectionsCheckingInterval: Math.min(settings.requestHeadMs, 1_000),
    },
    createDispatcher({
      readiness,
      metrics,
      provider: settings.readinessRequiresProvider ? withSecondChance(asking.health) : asking.health,
      requiresProvider: settings.readinessRequiresProvider,
      isPoolExhausted: () => pool.waitingCount > 0 && pool.idleCount === 0,
      hasStarted: () => attempted,
      isDraining: () => stopping.signal.aborted,
      app: inFlight.track(app),
    }),
  );
  server.on('clientError', answerUnreadable);
  server.on('checkExpectation', answerExpectation);
  const port = await listen(server, settings);
  logger.info({ port, provider: answerer.provider, model: answerer.model }, 'the service listens');
  const migrated = migrateUntilDone();
  return {
    port,
    async stop(reason) {
      readiness.drain();
      stopping.abort();
      const whole = await drain(server, inFlight, cutOff, settings, logger.child({ reason }));
      await migrated;
      if (!(await endPools([pool, probePool])))
        logger.warn('the database did not take part in closing its connections');
      logger.info({ reason, whole }, 'stopped');
      return whole;
    },
  };

  async function migrateUntilDone(): Promise<void> {
    let told = '';
    while (!stopping.signal.aborted) {
      try {
        await migrate(settings.databaseUrl, logger, { signal: stopping.signal });
        readiness.forget();
        return;
      } catch (err) {
        if (err instanceof SchemaMismatch) {
          logger.error({ err }, 'the schema cannot be brought up to date; another release is needed');
          return;
        }
        if (!stopping.signal.aborted && String(err) !== told)
          logger.warn({ err }, 'the schema could not be brought up to date; trying again every second');
        told = String(err);
      } finally {
        attempted = true;
      }
      await delay(MIGRATION_RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
}

/** Stops taking requests and finishes those that have begun; tells whether all of them were finished. */
async function drain(
  server: Server,
  inFlight: InFlight,
  cutOff: AbortController,
  { shutdownDelayMs, drainMs }: ServiceSettings,
  logger: Logger,
): Promise<boolean> {
  const started = performance.now();
  const underWay = inFlight.drain();
  logger.info({ underWay, shutdownDelayMs, drainMs }, 'stopping: not ready any more, still answering');
  await delay(shutdownDelayMs);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const whole = await within(drainMs, inFlight.empty());
  const cut = inFlight.size();
  if (!whole) {
    logger.warn({ cut }, 'stopping: answers that took too long are cut off');
    cutOff.abort(new Error('the service stops'));
    // Time for each to say so to its client, and to keep what it has.
    await within(CUT_OFF_MS, inFlight.empty());
  }
  // What is left belongs to clients that have asked nothing, or not read what they were sent.
  server.closeIdleConnections();
  if (!(await within(LAST_BYTES_MS, closed))) server.closeAllConnections();
  await closed;
  const durationMs = Math.round(performance.now() - started);
  logger.info({ underWay, answered: inFlight.drained(), cut, durationMs }, 'stopping: drained');
  return whole;
}

async function within(timeoutMs: number, work: Promise<void>): Promise<boolean> {
  const ended = new AbortController();
  const late = delay(timeoutMs, false, { signal: ended.signal }).catch(() => false);
  return Promise.race([work.then(() => true), late]).finally(() => ended.abort());
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
