import type { RequestHandler } from 'express';
import type { AnswerStore, StoredAnswer } from '../database/answers.ts';
import { Refusal } from './problem.ts';

/** An answer as the API tells it. */
export function tellAnswer({ id, text, model, offline, degraded, toolCalls, usage, createdAt }: StoredAnswer) {
  const marks = degraded === undefined ? {} : { degraded: true };
  return { id, answer: text, model, offline, ...marks, toolCalls, usage, createdAt };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Gives an answer that was made before. */
export function answersRoute(answers: AnswerStore): RequestHandler {
  return async (request, response) => {
    const id = String(request.params.id);
    const found = UUID.test(id) ? await answers.find(id) : undefined;
    if (found === undefined) throw new Refusal('not-found', { detail: 'There is no such answer.' });
    response.set('Cache-Control', 'no-store').json({ question: found.question, ...tellAnswer(found) });
  };
}
