import type { Request } from 'express';
import type { AnswerStore, StoredAnswer } from '../database/answers.ts';
import type { IdempotencyStore } from '../database/idempotency.ts';
import type { Logger } from '../telemetry/logging.ts';
import { Refusal } from './problem.ts';

export interface Repeatable {
  readonly answer: StoredAnswer;
  /** Whether the answer was made by an earlier request with the same key. */
  readonly replayed: boolean;
}

export interface IdempotencyParts {
  readonly keys: IdempotencyStore;
  readonly answers: AnswerStore;
  readonly logger: Logger;
}

/**
 * Makes an answer once for each `Idempotency-Key`, however often the request comes, and gives it again to the later ones. An
 * answer that failed is not kept: the same key may try again.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export async function onceForKey(
  { keys, answers, logger }: IdempotencyParts,
  request: Request,
  content: object,
  make: () => Promise<StoredAnswer>,
): Promise<Repeatable> {
  const key = keyOf(request);
  if (key === undefined) return { answer: await make(), replayed: false };
  const claim = await keys.claim(key, JSON.stringify(content));
  switch (claim.state) {
    case 'mismatch':
      throw new Refusal('key-reused', { detail: 'Make a new key for each request, and keep it for its repetitions.' });
    case 'in-progress':
      throw stillRunning();
    case 'answered': {
      const answer = await answers.find(claim.answerId);
      if (answer === undefined) throw stillRunning();
      return { answer, replayed: true };
    }
    default:
      try {
        const answer = await make();
        await claim.complete(answer.id);
        return { answer, replayed: false };
      } catch (error) {
        await claim.release().catch((err: unknown) => logger.warn({ err }, 'a key could not be given free'));
        throw error;
      }
  }
}

function stillRunning(): Refusal {
  return new Refusal('request-in-progress', {
    detail: 'The first request with this key is not answered yet; repeat it later.',
    retryAfterSeconds: 1,
  });
}

/** The draft wants a quoted text; most clients send the text alone. */
function keyOf({ headers }: Request): string | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined) return undefined;
  const [, quoted, bare] =
    /^(?:"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/.exec(String(given)) ?? [];
  const key = quoted ?? bare;
  if (key !== undefined) return key;
  throw new Refusal('bad-request', {
    detail: '"Idempotency-Key" must have 1 to 255 printable characters and no space.',
  });
}
