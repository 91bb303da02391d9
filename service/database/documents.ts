import type pg from 'pg';

export interface ListedDocument {
  readonly id: number;
  readonly title: string;
  /** Characters of the body. */
  readonly length: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface StoredDocument extends ListedDocument {
  readonly body: string;
}

export interface DocumentStore {
  add(title: string, body: string): Promise<StoredDocument>;
  /** In the order in which they came, beginning behind one of them. */
  list(limit: number, after: number): Promise<readonly ListedDocument[]>;
  find(id: number): Promise<StoredDocument | undefined>;
  /** False where there was none. */
  remove(id: number): Promise<boolean>;
}

interface Row {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly length: number;
  readonly created_at: Date;
}

const LISTED = 'id, title, length(body) AS length, created_at';

export function createDocumentStore(pool: pg.Pool): DocumentStore {
  return {
    async add(title, body) {
      const { rows } = await pool.query<Row>(
        `INSERT INTO documents (title, body) VALUES ($1, $2) RETURNING ${LISTED}, body`,
        [title, body],
      );
      const [row] = rows;
      if (row === undefined) throw new Error('the document was not stored');
      return { ...listed(row), body: row.body };
    },
    async list(limit, after) {
      const { rows } = await pool.query<Row>(`SELECT ${LISTED} FROM documents WHERE id > $1 ORDER BY id LIMIT $2`, [
        after,
        limit,
      ]);
      return rows.map(listed);
    },
    async find(id) {
      const { rows } = await pool.query<Row>(`SELECT ${LISTED}, body FROM documents WHERE id = $1`, [id]);
      return rows[0] === undefined ? undefined : { ...listed(rows[0]), body: rows[0].body };
    },
    async remove(id) {
      const { rowCount } = await pool.query('DELETE FROM documents WHERE id = $1', [id]);
      return rowCount === 1;
    },
  };
}

function listed({ id, title, length, created_at }: Row): ListedDocument {
  return { id, title, length, createdAt: created_at.toISOString() };
}
