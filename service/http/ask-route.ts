import type { Request, RequestHandler, Response } from 'express';
import type { Asking, Listener, Question } from '../answering/ask.ts';
import type { StoredAnswer } from '../database/answers.ts';
import { tellAnswer } from './answers-route.ts';
import { openEventStream } from './event-stream.ts';
import { type IdempotencyParts, onceForKey } from './idempotency.ts';
import { UUID_FIELD } from './ids.ts';
import { PROBLEMS, problemDetails, Refusal } from './problem.ts';
import { problemOfError } from './problem-of-error.ts';
import { readFields, textOf } from './read-fields.ts';
import { currentRequest, requestIdOf } from './request-context.ts';

export interface AskParts extends IdempotencyParts {
  readonly asking: Asking;
  /** Aborts when answers that are still being made must stop. */
  readonly shutdown: AbortSignal;
}

const FIELDS = { question: textOf(4_000), conversationId: UUID_FIELD };

/**
 * Answers a question, in one piece or, where the client prefers events, while it is made. A client that leaves, or a service
 * that stops, ends the work upstream too.
 */
export function askRoute(parts: AskParts): RequestHandler {
  const { shutdown, asking } = parts;
  const open = new Set<AbortController>();
  shutdown.addEventListener('abort', () => {
    for (const work of open) work.abort();
  });
  return async (request, response) => {
    const question = readFields<Question>(request.body, FIELDS);
    const work = new AbortController();
    if (shutdown.aborted) work.abort();
    open.add(work);
    // Every answer ends with a close; only a client that has left before is an abort, and making one is dear.
    let left = false;
    response.once('close', () => {
      open.delete(work);
      left = !response.writableFinished;
      if (left) work.abort();
    });
    const answerOnce = (listener?: Listener) =>
      onceForKey(parts, request, question, () => asking.ask(question, work.signal, listener)).catch(
        (error: unknown) => {
          throw shutdown.aborted && !left ? stopping() : error;
        },
      );
    response.setHeader('Vary', 'Accept');
    if (wantsEvents(request)) {
      await stream(request, response, parts, answerOnce);
      return;
    }
    const { answer, replayed } = await answerOnce();
    if (replayed) response.setHeader(REPLAYED, 'true');
    const body = JSON.stringify(tellAnswer(answer));
    response.writeHead(200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
    });
    response.end(body);
  };
}

/** Most clients say nothing or one of these, and need no negotiation. */
const PLAINLY_JSON: readonly unknown[] = [undefined, '*/*', 'application/json'];

function wantsEvents(request: Request): boolean {
  if (PLAINLY_JSON.includes(request.headers.accept)) return false;
  return request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';
}

const REPLAYED = 'Idempotent-Replayed';

/** Each stream ends with one event that says how it went: `done` with the whole answer, or `error` with problem details. */
async function stream(
  request: Request,
  response: Response,
  { logger }: AskParts,
  answerOnce: (listener: Listener) => ReturnType<typeof onceForKey>,
): Promise<void> {
  const events = openEventStream(response);
  let unfinished: StoredAnswer | undefined;
  try {
    const { answer, replayed } = await answerOnce({
      token: (text) => events.send('token', { text }),
      tool: (call) => events.send('tool', call),
      kept: (answer) => {
        unfinished = answer;
      },
    });
    if (replayed) {
      if (!events.hasBegun()) response.setHeader(REPLAYED, 'true');
      events.send('token', { text: answer.text });
    }
    events.send('done', tellAnswer(answer));
  } catch (error) {
    if (!events.hasBegun() || response.destroyed) throw error;
    const { kind, particulars } = problemOfError(error);
    if (PROBLEMS[kind].status >= 500) logger.error({ err: error }, 'an answer ended before it was whole');
    events.send('error', {
      ...problemDetails(kind, particulars, currentRequest()?.requestId ?? requestIdOf(request.headers)),
      ...(unfinished === undefined ? {} : { answerId: unfinished.id }),
    });
  }
  events.end();
}

function stopping(): Refusal {
  return new Refusal('unavailable', { detail: 'This replica stops now; ask again at once.', retryAfterSeconds: 1 });
}
