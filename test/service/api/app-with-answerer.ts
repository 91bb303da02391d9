import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { onTestFinished } from 'vitest';
import type { Answerer } from '../../../service/answering/answerer.ts';
import { createAsking } from '../../../service/answering/ask.ts';
import { createToolboxes } from '../../../service/answering/toolbox.ts';
import { createTools, TOOL_NAMES } from '../../../service/answering/tools.ts';
import { createAnswerStore } from '../../../service/database/answers.ts';
import { createDocumentStore } from '../../../service/database/documents.ts';
import { createIdempotencyStore } from '../../../service/database/idempotency.ts';
import { migrate } from '../../../service/database/migrations.ts';
import { createPool, endPools } from '../../../service/database/pools.ts';
import { createApp } from '../../../service/http/app.ts';
import { createLogger } from '../../../service/telemetry/logging.ts';
import { createMetrics } from '../../../service/telemetry/metrics.ts';
import { createScrub } from '../../../service/telemetry/scrub.ts';

export interface App {
  readonly url: string;
  readonly pool: pg.Pool;
  /** What a stop does when its time is over. */
  cutOff(): void;
}

/** The application of the service with an answerer that the test directs, over a real database and real HTTP. */
export async function startAppWith(answerer: Answerer, databaseUrl: string, deadlineMs = 5_000): Promise<App> {
  const logger = createLogger({ level: 'fatal', scrub: createScrub([]) });
  await migrate(databaseUrl, logger);
  const pool = createPool(databaseUrl, 4, logger);
  const metrics = createMetrics({
    provider: answerer.provider,
    model: answerer.model,
    tools: TOOL_NAMES,
    pool: () => ({ total: 0, idle: 0, waiting: 0, max: 4 }),
  });
  const answers = createAnswerStore(pool);
  const openToolbox = createToolboxes(
    createTools(pool, () => new Date()),
    metrics,
    logger,
  );
  const shutdown = new AbortController();
  const app = createApp({
    apiTokens: undefined,
    asking: createAsking({ answerer, openToolbox, prices: undefined, answers, metrics, logger, deadlineMs }),
    answers,
    keys: createIdempotencyStore(pool, deadlineMs),
    knowledge: { documents: createDocumentStore(pool), search: async () => [] },
    metrics,
    logger,
    shutdown: shutdown.signal,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await endPools([pool]);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pool,
    cutOff: () => shutdown.abort(new Error('the service stops')),
  };
}
