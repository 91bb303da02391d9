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
