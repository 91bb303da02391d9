import type { RequestHandler } from 'express';
import type { AnswerStore, StoredAnswer } from '../database/answers.ts';
import { isUuid } from './ids.ts';
import { Refusal } from './problem.ts';

/** Gives an answer that was made before. */
export function answersRoute(answers: AnswerStore): RequestHandler {
  return async (request, response) => {
    const { id } = request.params;
    const found = isUuid(id) ? await answers.find(id) : undefined;
    if (found === undefined) throw new Refusal('not-found', { detail: 'There is no such answer.' });
    response.set('Cache-Control', 'no-store').json(tellTurn(found));
  };
}

/** An answer as the API tells it to who has just asked. */
export function tellAnswer({
  id,
  conversationId,
  text,
  complete,
  model,
  offline,
  degraded,
  toolCalls,
  usage,
  costUsd,
  createdAt,
}: StoredAnswer) {
  const marks = degraded === undefined ? {} : { degraded: true };
  return { id, conversationId, answer: text, complete, model, offline, ...marks, toolCalls, usage, costUsd, createdAt };
}

/** An answer with its question, for whoever comes later. */
export function tellTurn(answer: StoredAnswer) {
  return { question: answer.question, ...tellAnswer(answer) };
}
