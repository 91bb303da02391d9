import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import type { Logger } from '../telemetry/logging.ts';

const FOLDER = new URL('migrations/', import.meta.url);

/** Any number will do, as long as nobody else takes it: all replicas wait for the same lock. */
const LOCK = 7_261_034;
const LOCK_TIMEOUT_MS = 30_000;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The migrations in their order. */
export function listMigrations(): readonly Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, FOLDER), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/**
 * Brings the schema up to date in one transaction. Replicas that start together wait for each other; the lock belongs to the
 * transaction, so it survives poolers and dies with the connection.
 */
export async function migrate(pool: pg.Pool, logger: Logger): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query(`SET LOCAL statement_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query({
      text: 'SELECT pg_advisory_xact_lock($1)',
      values: [LOCK],
      query_timeout: LOCK_TIMEOUT_MS,
    } as pg.QueryConfig);
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM schema_migrations',
    );
    const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
    for (const { name, sql, checksum } of listMigrations()) {
      const known = applied.get(name);
      if (known === checksum) continue;
      if (known !== undefined) throw new Error(`the migration ${name} was changed after it was applied`);
      await client.query(sql);
      await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
      logger.info({ migration: name }, 'migration applied');
    }
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    client.release(true);
    throw error;
  }
}

/** Whether every migration that this version knows has been applied. */
export async function isSchemaCurrent(pool: pg.Pool): Promise<boolean> {
  const { rows: tables } = await pool.query<{ present: boolean }>(
    "SELECT to_regclass('schema_migrations') IS NOT NULL AS present",
  );
  if (tables[0]?.present !== true) return false;
  const { rows } = await pool.query<{ name: string }>('SELECT name FROM schema_migrations');
  const applied = new Set(rows.map(({ name }) => name));
  return MIGRATION_NAMES.every((name) => applied.has(name));
}

/** Read once: readiness asks often, and the files do not change under a running process. */
const MIGRATION_NAMES = listMigrations().map(({ name }) => name);
