import pg from 'pg';
import type { Logger } from '../telemetry/logging.ts';

/** The least time in which a database that works gives a connection, with room to spare. */
const CONNECT_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 5_000;

/** The pool of the service's own work. A connection is never held across a call of the model. */
export function createPool(databaseUrl: string, size: number, logger: Logger): pg.Pool {
  return watched(
    new pg.Pool({
      connectionString: databaseUrl,
      max: size,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      // A failover is then followed within minutes even by connections that never break.
      maxLifetimeSeconds: 600,
      application_name: 'qna',
    }),
    logger,
  );
}

/**
 * One connection for readiness alone: it tells whether the database can be reached, not whether the pool is busy. Otherwise
 * load would look like an outage, and take every replica out at once.
 */
export function createProbePool(databaseUrl: string, budgetMs: number, logger: Logger): pg.Pool {
  return watched(
    new pg.Pool({
      connectionString: databaseUrl,
      max: 1,
      connectionTimeoutMillis: budgetMs,
      query_timeout: budgetMs,
      statement_timeout: budgetMs,
      application_name: 'qna-readiness',
    }),
    logger,
  );
}

/** Without a listener, the loss of an idle connection would end the process: a failover would become a restart storm. */
function watched(pool: pg.Pool, logger: Logger): pg.Pool {
  pool.on('error', (err) => logger.warn({ err }, 'an idle database connection was lost'));
  return pool;
}

/** What a healthy server needs to close a connection; one that is gone never answers. */
const END_TIMEOUT_MS = 1_000;

/** Ends a client, by force where the server does not take part; resolves either way. */
export async function endClient(client: pg.Client): Promise<void> {
  // Not in the types: the socket is the only part of a client that always obeys.
  const { connection } = client as unknown as { readonly connection?: { readonly stream?: { destroy(): void } } };
  await bounded(client.end(), () => connection?.stream?.destroy());
}

/** Ends pools; tells whether every connection was closed in time. */
export async function endPools(pools: readonly pg.Pool[]): Promise<boolean> {
  return bounded(Promise.all(pools.map((pool) => pool.end())), () => {});
}

async function bounded(work: Promise<unknown>, otherwise: () => void): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => {
    otherwise();
    resolve(false);
  }, END_TIMEOUT_MS);
  const done = work.then(
    () => true,
    () => true,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
