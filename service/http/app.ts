import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Asking } from '../answering/ask.ts';
import type { AnswerStore } from '../database/answers.ts';
import type { IdempotencyStore } from '../database/idempotency.ts';
import type { Logger } from '../telemetry/logging.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { answersRoute } from './answers-route.ts';
import { askRoute } from './ask-route.ts';
import { authenticate } from './authenticate.ts';
import { deleteConversation, getConversation } from './conversations-routes.ts';
import { addDocument, type DocumentsParts, deleteDocument, getDocument, listDocuments } from './documents-routes.ts';
import { declareEndpoint } from './endpoints.ts';
import { measure } from './measure.ts';
import { openApiRoute } from './openapi-route.ts';
import { PROBLEMS, sendProblem } from './problem.ts';
import { problemOfError } from './problem-of-error.ts';
import { readJson } from './read-body.ts';
import { contextOf, withRequest } from './request-context.ts';

export interface AppParts {
  /** Absent where anybody may call. */
  readonly apiTokens: readonly string[] | undefined;
  readonly asking: Asking;
  readonly answers: AnswerStore;
  readonly keys: IdempotencyStore;
  readonly knowledge: DocumentsParts;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Aborts when answers that are still being made must stop. */
  readonly shutdown: AbortSignal;
}

/** A question or a document of the longest kind, though each character were escaped; a larger body is a mistake or an attack. */
const BODY_LIMIT_BYTES = 32_768;
const DOCUMENT_LIMIT_BYTES = 1_572_864;

/** Builds the application. It listens nowhere and owns nothing. */
export function createApp({
  apiTokens,
  asking,
  answers,
  keys,
  knowledge,
  metrics,
  logger,
  shutdown,
}: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((request, response, next) => {
    const context = contextOf(request.headers);
    response.setHeader('x-request-id', context.requestId);
    response.setHeader('x-content-type-options', 'nosniff');
    withRequest(context, () => {
      measure(request, response, metrics, logger);
      next();
    });
  });
  declareEndpoint(app, '/openapi.json', { get: [openApiRoute(apiTokens !== undefined)] });
  if (apiTokens !== undefined) app.use('/v1', authenticate(apiTokens));
  declareEndpoint(app, '/v1/ask', {
    post: [...readJson(BODY_LIMIT_BYTES), askRoute({ asking, keys, answers, logger, shutdown })],
  });
  declareEndpoint(app, '/v1/documents', {
    get: [listDocuments(knowledge)],
    post: [...readJson(DOCUMENT_LIMIT_BYTES), addDocument(knowledge)],
  });
  declareEndpoint(app, '/v1/documents/:id', { get: [getDocument(knowledge)], delete: [deleteDocument(knowledge)] });
  declareEndpoint(app, '/v1/conversations/:id', {
    get: [getConversation(answers)],
    delete: [deleteConversation(answers)],
  });
  declareEndpoint(app, '/v1/answers/:id', { get: [answersRoute(answers)] });
  app.use((_request, response) => sendProblem(response, 'not-found', { detail: 'Nothing is served at this path.' }));
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
    const { kind, particulars } = problemOfError(error);
    if (PROBLEMS[kind].status >= 500) logger.error({ err: error }, 'a request failed');
    sendProblem(response, kind, particulars);
  };
}
