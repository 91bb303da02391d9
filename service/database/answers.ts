import type pg from 'pg';
import type { Answer } from '../answering/answerer.ts';

export interface StoredAnswer extends Answer {
  readonly id: string;
  readonly offline: boolean;
  /** False where the client left, or the service stopped, before it was whole. */
  readonly complete: boolean;
  /** In US dollars; null where it is not known. */
  readonly costUsd: number | null;
  readonly conversationId: string;
  /** Grows from one answer to the next. */
  readonly turn: number;
  readonly question: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What is to be kept: an answer, and where it belongs. */
export interface NewAnswer {
  readonly id: string;
  readonly question: string;
  readonly conversationId: string;
  /** Whether the conversation must be there already. */
  readonly continues: boolean;
  readonly complete: boolean;
  /** In US dollars, where it is known. */
  readonly cost: number | undefined;
  readonly answer: Answer;
}

export interface AnswerStore {
  /** Throws UnknownConversation where the conversation was deleted meanwhile. */
  save(kept: NewAnswer): Promise<StoredAnswer>;
  find(id: string): Promise<StoredAnswer | undefined>;
  /** The turns of a conversation in their order, beginning behind one of them; none where there is no such conversation. */
  turns(conversationId: string, limit: number, after: number): Promise<readonly StoredAnswer[]>;
  /** The last turns of a conversation in their order. Throws UnknownConversation. */
  lastTurns(conversationId: string, limit: number): Promise<readonly StoredAnswer[]>;
  /** Takes a conversation away with all its answers; false where there was none. */
  removeConversation(conversationId: string): Promise<boolean>;
}

export class UnknownConversation extends Error {
  override readonly name = 'UnknownConversation';
}

interface Row {
  readonly id: string;
  readonly conversation_id: string;
  /** The driver gives a bigint as text. */
  readonly turn: string;
  readonly question: string;
  readonly answer: string;
  readonly model: string;
  readonly offline: boolean;
  readonly complete: boolean;
  readonly degraded: NonNullable<Answer['degraded']> | null;
  /** The driver gives a numeric as text. */
  readonly cost_usd: string | null;
  readonly tool_calls: Answer['toolCalls'];
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly created_at: Date;
}

export function createAnswerStore(pool: pg.Pool): AnswerStore {
  return {
    async save({ id, question: asked, conversationId, continues, complete, cost, answer }) {
      const { model, offline = false, degraded = null, usage } = answer;
      const question = storable(asked);
      const text = storable(answer.text);
      const toolCalls = answer.toolCalls.map(({ name, outcome }) => ({ name: storable(name), outcome }));
      const { rows } = await pool.query<Pick<Row, 'turn' | 'created_at'>>(
        `INSERT INTO answers (id, question, answer, model, offline, tool_calls, input_tokens, output_tokens, complete, degraded, cost_usd, conversation_id)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
          WHERE NOT $13 OR EXISTS (SELECT FROM answers WHERE conversation_id = $12)
         RETURNING turn, created_at`,
        [
          ...[id, question, text, model, offline, JSON.stringify(toolCalls), usage.inputTokens, usage.outputTokens],
          ...[complete, degraded, cost ?? null, conversationId, continues],
        ],
      );
      const [row] = rows;
      if (row === undefined) throw new UnknownConversation('the conversation was deleted meanwhile');
      return {
        id,
        conversationId,
        turn: Number(row.turn),
        question,
        text,
        model,
        offline,
        complete,
        ...(degraded === null ? {} : { degraded }),
        costUsd: cost ?? null,
        toolCalls,
        usage,
        createdAt: row.created_at.toISOString(),
      };
    },
    async find(id) {
      const { rows } = await pool.query<Row>('SELECT * FROM answers WHERE id = $1', [id]);
      return rows[0] === undefined ? undefined : toAnswer(rows[0]);
    },
    async turns(conversationId, limit, after) {
      const { rows } = await pool.query<Row>(
        'SELECT * FROM answers WHERE conversation_id = $1 AND turn > $2 ORDER BY turn LIMIT $3',
        [conversationId, after, limit],
      );
      return rows.map(toAnswer);
    },
    async lastTurns(conversationId, limit) {
      const { rows } = await pool.query<Row>(
        'SELECT * FROM answers WHERE conversation_id = $1 ORDER BY turn DESC LIMIT $2',
        [conversationId, limit],
      );
      if (rows.length === 0) throw new UnknownConversation('there is no such conversation');
      return rows.reverse().map(toAnswer);
    },
    async removeConversation(conversationId) {
      const { rowCount } = await pool.query('DELETE FROM answers WHERE conversation_id = $1', [conversationId]);
      return (rowCount ?? 0) > 0;
    },
  };
}

/** PostgreSQL takes no zero byte and no half of a surrogate pair, and a model may write both. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

function toAnswer(row: Row): StoredAnswer {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    turn: Number(row.turn),
    question: row.question,
    text: row.answer,
    model: row.model,
    offline: row.offline,
    complete: row.complete,
    ...(row.degraded === null ? {} : { degraded: row.degraded }),
    costUsd: row.cost_usd === null ? null : Number(row.cost_usd),
    toolCalls: row.tool_calls,
    usage: { inputTokens: row.input_tokens, outputTokens: row.output_tokens },
    createdAt: row.created_at.toISOString(),
  };
}
