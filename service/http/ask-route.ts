import type { RequestHandler } from 'express';
import type { Asking, Question } from '../answering/ask.ts';
import { tellAnswer } from './answers-route.ts';
import { type IdempotencyParts, onceForKey } from './idempotency.ts';
import { UUID_FIELD } from './ids.ts';
import { readFields, textOf } from './read-fields.ts';

const FIELDS = { question: textOf(4_000), conversationId: UUID_FIELD };

/** Answers a question; a client that leaves, or a service that stops, ends the work upstream too. */
export function askRoute(asking: Asking, repeats: IdempotencyParts, shutdown: AbortSignal): RequestHandler {
  return async (request, response) => {
    const question = readFields<Question>(request.body, FIELDS);
    const left = new AbortController();
    response.once('close', () => left.abort());
    const signal = AbortSignal.any([left.signal, shutdown]);
    const { answer, replayed } = await onceForKey(repeats, request, question, () => asking.ask(question, signal));
    if (replayed) response.set('Idempotent-Replayed', 'true');
    response.set('Cache-Control', 'no-store').json(tellAnswer(answer));
  };
}
