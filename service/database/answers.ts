import type pg from 'pg';
import type { Answer } from '../answering/answerer.ts';

export interface StoredAnswer extends Answer {
  readonly id: string;
  readonly offline: boolean;
  readonly question: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface AnswerStore {
  save(id: string, question: string, answer: Answer): Promise<StoredAnswer>;
  find(id: string): Promise<StoredAnswer | undefined>;
}

interface Row {
  readonly id: string;
  readonly question: string;
  readonly answer: string;
  readonly model: string;
  readonly offline: boolean;
  readonly tool_calls: Answer['toolCalls'];
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly created_at: Date;
}

export function createAnswerStore(pool: pg.Pool): AnswerStore {
  return {
    async save(id, question, { text, model, offline = false, toolCalls, usage }) {
      const { rows } = await pool.query<Row>(
        `INSERT INTO answers (id, question, answer, model, offline, tool_calls, input_tokens, output_tokens)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING *`,
        [id, question, text, model, offline, JSON.stringify(toolCalls), usage.inputTokens, usage.outputTokens],
      );
      const [row] = rows;
      if (row === undefined) throw new Error('the answer was not stored');
      return toAnswer(row);
    },
    async find(id) {
      const { rows } = await pool.query<Row>('SELECT * FROM answers WHERE id = $1', [id]);
      return rows[0] === undefined ? undefined : toAnswer(rows[0]);
    },
  };
}

function toAnswer(row: Row): StoredAnswer {
  return {
    id: row.id,
    question: row.question,
    text: row.answer,
    model: row.model,
    offline: row.offline,
    toolCalls: row.tool_calls,
    usage: { inputTokens: row.input_tokens, outputTokens: row.output_tokens },
    createdAt: row.created_at.toISOString(),
  };
}
