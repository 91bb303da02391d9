import pg from 'pg';
import { reasonOf, UserError } from '../../core/errors.ts';
import { type HistoryEntry, historyEntry, targetOf } from '../../core/history.ts';
import { parseReport } from '../replay/report-file.ts';
import { migrate, schemaVersion } from './migrations.ts';
import { reportName } from './report-name.ts';
import type { HistoryStore } from './store.ts';

const CONNECT_MS = 10_000;
const STATEMENT_MS = 60_000;
const PAGE = 500;

/** Keeps reports in tables of PostgreSQL, which the first `add` makes. No message tells the password of the URL. */
export async function postgresStore(url: string): Promise<HistoryStore> {
  const { shownAs, hide } = readUrl(url);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof UserError) throw error;
      // Without a cause: what the driver throws can hold its settings, and the password with them.
      throw new UserError(`The history in ${shownAs} cannot be used: ${hide(reasonOf(error))}.`, {
        hint: 'Look whether PostgreSQL runs there, and whether the URL has the right user, password and database.',
      });
    }
  };
  const client = await guarded(async () => {
    const made = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      application_name: 'qna-ready history',
    });
    // A connection that breaks between two statements is told by the next of them.
    made.on('error', () => {});
    await made.connect();
    return made;
  });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await client.end().catch(() => {});
    isOpen = false;
  };
  try {
    // What was never stored into is only read, and gets no tables; what an older version made is brought forward.
    const version = await guarded(() => schemaVersion(client));
    if (version > 0) await guarded(() => migrate(client));
    return storeOf(client, version > 0, { shownAs, guarded, close });
  } catch (error) {
    await close();
    throw error;
  }
}

interface Connection {
  readonly shownAs: string;
  readonly guarded: <T>(work: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

function storeOf(client: pg.Client, exists: boolean, { shownAs, guarded, close }: Connection): HistoryStore {
  let hasTables = exists;
  return {
    shownAs,
    add: (report) =>
      guarded(async () => {
        if (!hasTables) await migrate(client);
        hasTables = true;
        const { name, hash } = reportName(report);
        const { rowCount } = await client.query(
          `INSERT INTO qna_ready_reports (name, hash, started_at, target, entry, report)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
          [
            ...[name, hash, report.startedAt, storable(targetOf(report))],
            ...[JSON.stringify(historyEntry(name, report)), JSON.stringify(report)],
          ],
        );
        return { name, isNew: rowCount === 1 };
      }),
    async *entries() {
      if (!hasTables) return;
      let last = { startedAt: '-infinity', name: '' };
      for (;;) {
        const { rows } = await guarded(() =>
          client.query<{ readonly started_at: string; readonly entry: HistoryEntry }>(
            `SELECT started_at::text AS started_at, entry FROM qna_ready_reports
              WHERE (started_at, name) > ($1::timestamptz, $2) ORDER BY qna_ready_reports.started_at, name LIMIT ${PAGE}`,
            [last.startedAt, last.name],
          ),
        );
        for (const { entry } of rows) yield { entry };
        const end = rows.at(-1);
        if (end === undefined) return;
        last = { startedAt: end.started_at, name: end.entry.name };
      }
    },
    read: (name) =>
      guarded(async () => {
        const { rows } = await client.query<{ readonly report: string }>(
          'SELECT report::text AS report FROM qna_ready_reports WHERE name = $1',
          [name],
        );
        if (rows[0] === undefined) throw new UserError(`The history in ${shownAs} has no report ${name} any more.`);
        return parseReport(rows[0].report, name);
      }),
    prune: (before) =>
      guarded(async () => {
        if (!hasTables) return 0;
        const { rowCount } = await client.query('DELETE FROM qna_ready_reports WHERE started_at < $1', [
          before.toISOString(),
        ]);
        return rowCount ?? 0;
      }),
    close,
  };
}

/** PostgreSQL takes no zero byte and no half of a surrogate pair. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** How a database can be shown, and what takes its password out of any message. */
function readUrl(url: string): { readonly shownAs: string; readonly hide: (text: string) => string } {
  const parsed = URL.parse(url);
  if (parsed === null || !['postgres:', 'postgresql:'].includes(parsed.protocol))
    throw new UserError('The URL of the history is no URL of PostgreSQL.', {
      hint: 'Write it as postgres://USER:PASSWORD@HOST:5432/DATABASE, best in a variable: --dsn-env NAME.',
    });
  const secrets = [parsed.password, decoded(parsed.password), ...parsed.searchParams.getAll('password')].filter(
    (secret) => secret !== '',
  );
  return {
    shownAs: `PostgreSQL ${parsed.host}${parsed.pathname}`,
    hide: (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text.replaceAll(url, '***')),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
