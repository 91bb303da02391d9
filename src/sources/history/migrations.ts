import type pg from 'pg';
import { UserError } from '../../core/errors.ts';

/** In their order, for ever: what was once released is never changed, only followed. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE qna_ready_reports (
     name text PRIMARY KEY,
     hash text NOT NULL UNIQUE,
     started_at timestamptz NOT NULL,
     target text NOT NULL,
     -- As text, since a message may hold what PostgreSQL takes into no text of its own, and JSON spells that out.
     entry json NOT NULL,
     report json NOT NULL
   )`,
  'CREATE INDEX qna_ready_reports_by_time ON qna_ready_reports (started_at, name)',
];

const LOCK = 7_113_026;

/** The version of the tables; 0 where there are none. */
export async function schemaVersion(client: pg.ClientBase): Promise<number> {
  const { rows: tables } = await client.query<{ readonly found: string | null }>(
    `SELECT to_regclass('qna_ready_migrations')::text AS found`,
  );
  if (tables[0]?.found === null) return 0;
  const { rows } = await client.query<{ readonly version: number | null }>(
    'SELECT max(version) AS version FROM qna_ready_migrations',
  );
  return rows[0]?.version ?? 0;
}

/** Brings the tables forward, all steps or none; whoever else does the same at this moment is waited for. */
export async function migrate(client: pg.ClientBase, migrations = MIGRATIONS): Promise<void> {
  const found = await schemaVersion(client);
  refuseNewer(found, migrations.length);
  if (found === migrations.length) return;
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS qna_ready_migrations (version int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const version = await schemaVersion(client);
    refuseNewer(version, migrations.length);
    for (const [index, statement] of migrations.entries())
      if (index >= version) {
        await client.query(statement);
        await client.query('INSERT INTO qna_ready_migrations (version) VALUES ($1)', [index + 1]);
      }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

function refuseNewer(version: number, known: number): void {
  if (version > known)
    throw new UserError(
      `The tables of the history have version ${version}, and this qna-ready knows versions up to ${known}.`,
      { hint: 'Upgrade qna-ready; it changes no tables that a newer one made.' },
    );
}
