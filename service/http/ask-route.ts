import type { RequestHandler } from 'express';
import type { Asking } from '../answering/ask.ts';
import { Refusal } from './problem.ts';

const MAX_QUESTION_LENGTH = 4000;

/** Answers a question; a client that leaves, or a service that stops, ends the work upstream too. */
export function askRoute(asking: Asking, shutdown: AbortSignal): RequestHandler {
  return async (request, response) => {
    const question: unknown = (request.body as { readonly question?: unknown } | undefined)?.question;
    // PostgreSQL keeps no zero byte in a text.
    const isText = typeof question === 'string' && question.trim() !== '' && !question.includes('\0');
    if (!isText || question.length > MAX_QUESTION_LENGTH) {
      const detail = `"question" must be a text of 1 to ${MAX_QUESTION_LENGTH} characters.`;
      throw new Refusal('bad-request', { detail, errors: [{ pointer: '#/question', detail }] });
    }
    const left = new AbortController();
    response.once('close', () => left.abort());
    const answer = await asking.ask(question, AbortSignal.any([left.signal, shutdown]));
    const { id, text, model, toolCalls, usage, createdAt } = answer;
    response.set('Cache-Control', 'no-store').json({ id, answer: text, model, toolCalls, usage, createdAt });
  };
}
