import express, { type ErrorRequestHandler, type Express } from 'express';
import { ProviderError } from '../answering/answerer.ts';
import type { Asking } from '../answering/ask.ts';
import type { AnswerStore } from '../database/answers.ts';
import type { Logger } from '../telemetry/logging.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { answersRoute } from './answers-route.ts';
import { askRoute } from './ask-route.ts';
import { measure } from './measure.ts';
import { sendProblem } from './problem.ts';
import { contextOf, withRequest } from './request-context.ts';

export interface AppParts {
  readonly asking: Asking;
  readonly answers: AnswerStore;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Aborts when answers that are still being made must stop. */
  readonly shutdown: AbortSignal;
}

/** A question and little else; a larger body is a mistake or an attack. */
const BODY_LIMIT = '16kb';

/** Builds the application. It listens nowhere and owns nothing. */
export function createApp({ asking, answers, metrics, logger, shutdown }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request, response, next) => {
    const context = contextOf(request.headers);
    response.setHeader('x-request-id', context.requestId);
    withRequest(context, () => {
      measure(request, response, metrics, logger);
      next();
    });
  });
  app.post('/v1/ask', express.json({ limit: BODY_LIMIT }), askRoute(asking, shutdown));
  app.get('/v1/answers/:id', answersRoute(answers));
  app.all('/v1/ask', (_request, response) => {
    response.setHeader('Allow', 'POST');
    sendProblem(response, 405, 'Method not allowed');
  });
  app.use((_request, response) => sendProblem(response, 404, 'Not found'));
  app.use(answerErrors(logger));
  return app;
}

/** Tells the log everything and the client only what is the client's own doing. */
function answerErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const status = (error as { readonly status?: unknown } | null)?.status;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      sendProblem(response, status, status === 413 ? 'The body is too large' : 'The body cannot be read');
      return;
    }
    logger.error({ err: error }, 'a request failed');
    if (error instanceof ProviderError) {
      response.setHeader('Retry-After', '5');
      sendProblem(response, error.reason === 'timeout' ? 504 : 503, 'The answer could not be made');
    } else sendProblem(response, 500, 'Internal error');
  };
}
