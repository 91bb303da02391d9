import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';

/** What becomes of a request that bears a key. */
export type Claim =
  /** Nobody has worked on it: whoever got this must, and then say what came of it. */
  | { readonly state: 'claimed'; complete(answerId: string): Promise<void>; release(): Promise<void> }
  | { readonly state: 'answered'; readonly answerId: string }
  | { readonly state: 'in-progress' }
  /** The key was used for a request that said something else. */
  | { readonly state: 'mismatch' };

export interface IdempotencyStore {
  claim(key: string, request: string): Promise<Claim>;
}

const KEPT_HOURS = 24;
/** Old keys go a few at a time, with every so manieth claim. */
const SWEEP_EVERY = 100;
const SWEEP_ROWS = 1_000;

interface Row {
  readonly claim: string;
  readonly answer_id: string | null;
  readonly same: boolean;
}

/**
 * Keeps the keys in the database, so that replicas agree. A claim that was never completed, because its process died, is free
 * again after so many milliseconds.
 */
export function createIdempotencyStore(pool: pg.Pool, claimMs: number): IdempotencyStore {
  let claims = 0;
  return {
    async claim(key, request) {
      claims += 1;
      if (claims % SWEEP_EVERY === 0) await sweep(pool);
      const claim = randomUUID();
      const fingerprint = createHash('sha256').update(request).digest();
      const { rows } = await pool.query<Row>(
        `INSERT INTO idempotency_keys AS kept (key, claim, fingerprint, claimed_until, expires_at)
         VALUES ($1, $2, $3, now() + $4 * interval '1 millisecond', now() + interval '${KEPT_HOURS} hours')
         ON CONFLICT (key) DO UPDATE SET claim = excluded.claim, fingerprint = excluded.fingerprint,
           claimed_until = excluded.claimed_until, expires_at = excluded.expires_at, answer_id = NULL
           WHERE kept.expires_at < now() OR (kept.answer_id IS NULL AND kept.claimed_until < now())
         RETURNING claim, answer_id, true AS same`,
        [key, claim, fingerprint, claimMs],
      );
      if (rows[0]?.claim === claim) return claimed(pool, key, claim);
      const { rows: others } = await pool.query<Row>(
        'SELECT claim, answer_id, fingerprint = $2 AS same FROM idempotency_keys WHERE key = $1',
        [key, fingerprint],
      );
      const [other] = others;
      // Gone between the two: whoever had it has just failed, so this one may be tried again at once.
      if (other === undefined) return { state: 'in-progress' };
      if (!other.same) return { state: 'mismatch' };
      return other.answer_id === null ? { state: 'in-progress' } : { state: 'answered', answerId: other.answer_id };
    },
  };
}

function claimed(pool: pg.Pool, key: string, claim: string): Claim {
  return {
    state: 'claimed',
    async complete(answerId) {
      await pool.query('UPDATE idempotency_keys SET answer_id = $3 WHERE key = $1 AND claim = $2', [
        key,
        claim,
        answerId,
      ]);
    },
    async release() {
      await pool.query('DELETE FROM idempotency_keys WHERE key = $1 AND claim = $2 AND answer_id IS NULL', [
        key,
        claim,
      ]);
    },
  };
}

async function sweep(pool: pg.Pool): Promise<void> {
  await pool.query(
    `DELETE FROM idempotency_keys WHERE key IN
       (SELECT key FROM idempotency_keys WHERE expires_at < now() LIMIT ${SWEEP_ROWS} FOR UPDATE SKIP LOCKED)`,
  );
}
