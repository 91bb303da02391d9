import type { RequestHandler } from 'express';
import type { AnswerStore } from '../database/answers.ts';
import { Refusal } from './problem.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Gives an answer that was made before. */
export function answersRoute(answers: AnswerStore): RequestHandler {
  return async (request, response) => {
    const id = String(request.params.id);
    const found = UUID.test(id) ? await answers.find(id) : undefined;
    if (found === undefined) throw new Refusal('not-found', { detail: 'There is no such answer.' });
    const { question, text, model, toolCalls, usage, createdAt } = found;
    response.set('Cache-Control', 'no-store').json({ id, question, answer: text, model, toolCalls, usage, createdAt });
  };
}
