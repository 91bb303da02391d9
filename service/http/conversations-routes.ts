import type { RequestHandler } from 'express';
import type { AnswerStore } from '../database/answers.ts';
import { tellTurn } from './answers-route.ts';
import { isUuid } from './ids.ts';
import { Refusal } from './problem.ts';
import { wholeNumber } from './read-query.ts';

const PAGE = { usual: 50, most: 100 };

/** A conversation, page by page in the order in which it was held. */
export function getConversation(answers: AnswerStore): RequestHandler {
  return async ({ params, query }, response) => {
    const limit = wholeNumber('limit', query.limit, 1, PAGE.most) ?? PAGE.usual;
    const after = wholeNumber('after', query.after, 0, Number.MAX_SAFE_INTEGER);
    const id = idOf(params.id);
    const turns = await answers.turns(id, limit + 1, after ?? 0);
    // Behind the last turn there is nothing, which does not mean that the conversation is not there.
    if (turns.length === 0 && (after === undefined || (await answers.turns(id, 1, 0)).length === 0)) throw notThere();
    const last = turns.length > limit ? turns[limit - 1] : undefined;
    response
      .set('Cache-Control', 'no-store')
      .json({ id, turns: turns.slice(0, limit).map(tellTurn), next: last?.turn ?? null });
  };
}

export function deleteConversation(answers: AnswerStore): RequestHandler {
  return async ({ params }, response) => {
    if (!(await answers.removeConversation(idOf(params.id)))) throw notThere();
    response.status(204).end();
  };
}

function idOf(given: unknown): string {
  if (!isUuid(given)) throw notThere();
  return given.toLowerCase();
}

function notThere(): Refusal {
  return new Refusal('not-found', { detail: 'There is no such conversation.' });
}
