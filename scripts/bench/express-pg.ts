import { randomUUID } from 'node:crypto';
import express from 'express';
import pg from 'pg';
import type { RecordedQuery } from './record-queries.ts';

/** Express and pg and nothing else: it reads a body, sends the queries that the service sends, and answers with the rows. */
const QUERIES = JSON.parse(process.env.QUERIES ?? '[]') as readonly RecordedQuery[];
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const inTransaction = QUERIES.some(({ text }) => /^\s*begin/i.test(text));
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const app = express();
app.disable('etag');
app.post('/v1/ask', express.json(), async (_request, response) => {
  const fresh = new Map<string, string>();
  const renew = (value: unknown) => {
    if (typeof value !== 'string' || !UUID.test(value)) return value;
    const made = fresh.get(value) ?? randomUUID();
    fresh.set(value, made);
    return made;
  };
  const client = inTransaction ? await pool.connect() : undefined;
  let rows: unknown;
  for (const { text, values } of QUERIES) ({ rows } = await (client ?? pool).query(text, values.map(renew)));
  client?.release();
  response.json(rows);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ url: `http://127.0.0.1:${address.port}` });
});
process.once('SIGTERM', () => process.exit());
process.once('disconnect', () => process.exit());
