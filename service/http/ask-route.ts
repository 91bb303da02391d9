import type { RequestHandler } from 'express';
import type { Asking } from '../answering/ask.ts';
import { tellAnswer } from './answers-route.ts';
import { readFields, textOf } from './read-fields.ts';

const FIELDS = { question: textOf(4_000) };

/** Answers a question; a client that leaves, or a service that stops, ends the work upstream too. */
export function askRoute(asking: Asking, shutdown: AbortSignal): RequestHandler {
  return async (request, response) => {
    const { question } = readFields<{ question: string }>(request.body, FIELDS);
    const left = new AbortController();
    // Every answer ends with a close; only a client that has left before is an abort, and making one is dear.
    response.once('close', () => {
      if (!response.writableFinished) left.abort();
    });
    const answer = await asking.ask(question, AbortSignal.any([left.signal, shutdown]));
    response.set('Cache-Control', 'no-store').json(tellAnswer(answer));
  };
}
