import type pg from 'pg';

export interface FoundDocument {
  readonly title: string;
  readonly body: string;
}

const LIMIT = 3;

/** Finds the documents that speak most of a question. Any of its words may match: people ask in sentences. */
export async function searchDocuments(pool: pg.Pool, query: string): Promise<readonly FoundDocument[]> {
  const { rows } = await pool.query<FoundDocument>(
    `SELECT title, body
       FROM documents, to_tsquery('english', (SELECT coalesce(string_agg(quote_literal(lexeme), ' | '), '') FROM unnest(to_tsvector('english', $1)))) AS wanted
      WHERE search @@ wanted
      ORDER BY ts_rank(search, wanted) DESC, id
      LIMIT ${LIMIT}`,
    [query],
  );
  return rows;
}
