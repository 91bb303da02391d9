import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import type { Logger } from '../telemetry/logging.ts';
import { endClient } from './pools.ts';

const FOLDER = new URL('migrations/', import.meta.url);

/** Any number will do, as long as nobody else takes it: all replicas wait for the same lock. */
const LOCK = 7_261_034;
const CONNECT_TIMEOUT_MS = 2_000;
/** Whatever is neither the lock nor a migration. */
const QUICK_TIMEOUT_MS = 5_000;
/** How long one replica waits for another that migrates, before it looks again. */
const LOCK_TIMEOUT_MS = 30_000;
/** One statement of a migration; an index over a large table takes its time. */
const STATEMENT_TIMEOUT_MS = 600_000;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The schema cannot be brought up to date however often it is tried: somebody has to mend the release. */
export class SchemaMismatch extends Error {
  override readonly name = 'SchemaMismatch';
}

/** The migrations in their order. */
export function listMigrations(): readonly Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => migrationOf(name, readFileSync(new URL(name, FOLDER), 'utf8')));
}

export function migrationOf(name: string, sql: string): Migration {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

/** Read once: readiness asks often, and the files do not change under a running process. */
const MIGRATIONS = listMigrations();

/**
 * Brings the schema up to date in one transaction, on a connection of its own. Replicas that start together wait for each
 * other; the lock belongs to the transaction, so it survives poolers and dies with the connection.
 */
export async function migrate(
  databaseUrl: string,
  logger: Logger,
  {
    migrations = MIGRATIONS,
    signal,
  }: { readonly migrations?: readonly Migration[]; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUICK_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'qna-migrations',
  });
  // The query that is under way rejects too; without a listener the process would end.
  client.on('error', () => {});
  const { promise: given, reject: giveUp } = Promise.withResolvers<never>();
  const onAbort = () => giveUp(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener('abort', onAbort, { once: true });
  const work = client.connect().then(() => applyMissing(client, migrations, logger));
  try {
    await Promise.race([work, given]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // Where it was given up, nobody waits for what the driver still has to say of it.
    work.catch(() => {});
    // Ends the transaction too, where it was not committed.
    await endClient(client);
  }
}

async function applyMissing(client: pg.Client, migrations: readonly Migration[], logger: Logger): Promise<void> {
  const started = performance.now();
  await client.query('BEGIN');
  await client.query(
    `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
  );
  await client.query(patient('SELECT pg_advisory_xact_lock($1)', LOCK_TIMEOUT_MS, [LOCK]));
  await client.query(
    'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  const { rows } = await client.query<Applied>('SELECT name, checksum FROM schema_migrations');
  for (const { name, sql, checksum } of missing(migrations, rows)) {
    await client.query(patient(sql, STATEMENT_TIMEOUT_MS));
    await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
    logger.info({ migration: name }, 'migration applied');
  }
  await client.query('COMMIT');
  logger.debug({ durationMs: Math.round(performance.now() - started) }, 'the schema is up to date');
}

/** The server gives up first, and says why; our own bound is for a server that says nothing any more. */
function patient(text: string, timeoutMs: number, values?: unknown[]): pg.QueryConfig {
  const config = { text, query_timeout: timeoutMs + QUICK_TIMEOUT_MS };
  return values === undefined ? config : { ...config, values };
}

interface Applied {
  readonly name: string;
  readonly checksum: string;
}

/** What is still to be applied. Forward only: what was applied stays as it was, and nothing is put in before it. */
function missing(migrations: readonly Migration[], applied: readonly Applied[]): readonly Migration[] {
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  const known = migrations.filter(({ name }) => checksums.has(name));
  for (const { name, checksum } of known)
    if (checksums.get(name) !== checksum)
      throw new SchemaMismatch(`the migration ${name} was changed after it was applied; put the change in a new one`);
  const last = known.at(-1)?.name ?? '';
  const rest = migrations.filter(({ name }) => !checksums.has(name));
  for (const { name } of rest)
    if (name < last)
      throw new SchemaMismatch(`the migration ${name} comes before ${last}, which was applied; give it a later number`);
  return rest;
}

/** What a database can be asked at once: whether it takes writes, and whether every migration of this version was applied. */
export async function inspectDatabase(pool: pg.Pool): Promise<'pass' | 'read-only' | 'schema'> {
  try {
    const { rows } = await pool.query<{ read_only: boolean; applied: readonly string[] }>(INSPECT);
    if (rows[0] === undefined || rows[0].read_only) return 'read-only';
    const applied = new Set(rows[0].applied);
    return MIGRATIONS.every(({ name, checksum }) => applied.has(`${name} ${checksum}`)) ? 'pass' : 'schema';
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === UNDEFINED_TABLE) return 'schema';
    throw error;
  }
}

const UNDEFINED_TABLE = '42P01';
const INSPECT = `
  SELECT current_setting('transaction_read_only')::boolean OR pg_is_in_recovery() AS read_only,
         ARRAY(SELECT name || ' ' || checksum FROM schema_migrations) AS applied`;
