import type pg from 'pg';

export interface FoundDocument {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  /** How well it fits, by PostgreSQL's ts_rank; of use only beside those of the same search. */
  readonly rank: number;
  /** What of it fits best, the best first. */
  readonly sentences: readonly { readonly text: string; readonly rank: number }[];
}

/** Sentences that are looked at are those of the beginning: a document may be as long as a book. */
const MAX_SEARCHED_CHARACTERS = 50_000;
const MAX_SENTENCES = 3;

/**
 * The words of the question as a query that any of them fulfils, since people ask in sentences. They are stemmed once, so
 * they are cast and not parsed again.
 */
const WANTED = `SELECT coalesce(string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | '), '')::tsquery AS words
                  FROM unnest(to_tsvector('english', $1)) AS words_of_the_question`;

const SEARCH = `
  SELECT id, title, body, found.rank, coalesce(best.sentences, '[]') AS sentences
    FROM (
           SELECT id, title, body, words, ts_rank(search, words, 1) AS rank
             FROM documents, (${WANTED}) AS wanted
            WHERE search @@ words
            ORDER BY rank DESC, id
            LIMIT $2
         ) AS found,
         LATERAL (
           SELECT json_agg(json_build_object('text', text, 'rank', rank) ORDER BY rank DESC, place) AS sentences
             FROM (
                    SELECT btrim(text) AS text, place, ts_rank(to_tsvector('english', text), words) AS rank
                      FROM regexp_split_to_table(left(body, ${MAX_SEARCHED_CHARACTERS}), '(?<=[.!?])\\s+|\\n\\s*\\n')
                           WITH ORDINALITY AS part(text, place)
                     WHERE to_tsvector('english', text) @@ words
                     ORDER BY rank DESC, place
                     LIMIT ${MAX_SENTENCES}
                  ) AS fitting
         ) AS best
   ORDER BY found.rank DESC, id`;

/** Finds the documents that speak most of a question, and in each the sentences that do. */
export async function searchDocuments(pool: pg.Pool, query: string, limit: number): Promise<readonly FoundDocument[]> {
  const { rows } = await pool.query<FoundDocument>(SEARCH, [query, limit]);
  return rows;
}
