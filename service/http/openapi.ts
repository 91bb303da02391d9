import { VERSION } from '../version.ts';
import { ref, SCHEMAS } from './openapi-schemas.ts';
import { PROBLEM_TYPE, PROBLEMS, type ProblemKind } from './problem.ts';

type Part = Readonly<Record<string, unknown>>;

const REQUEST_ID = { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } };

/** The description of the API, as it is answered with these settings. */
export function openApiDocument({ secured }: { readonly secured: boolean }): Part {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Questions and answers',
      version: VERSION,
      description: 'Answers questions from its documents, with a language model or without one.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: secured ? [{ token: [] }] : [],
    tags: ['questions', 'conversations', 'documents', 'operation'].map((name) => ({ name })),
    paths: { ...QUESTIONS, ...DOCUMENTS, ...OPERATION },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      headers: {
        RequestId: {
          description:
            'The id of the request: the one that it came with where that is harmless, and a new one otherwise.',
          schema: { type: 'string' },
        },
      },
      schemas: SCHEMAS,
    },
  };
}

const QUESTIONS: Part = {
  '/v1/ask': {
    post: {
      operationId: 'ask',
      tags: ['questions'],
      summary: 'Answers a question, in one piece or as events.',
      parameters: [
        {
          ...headerParameter('Idempotency-Key', 'Any number of requests with one key make one answer, for a day.'),
          schema: { type: 'string', minLength: 1, maxLength: 257 },
        },
      ],
      requestBody: json('Question'),
      responses: {
        200: {
          description: 'The answer. As events: `tool` and `token` while it is made, and at the end `done` or `error`.',
          headers: {
            ...REQUEST_ID,
            'Idempotent-Replayed': {
              description: 'Where an earlier request with the same key made the answer.',
              schema: { const: 'true' },
            },
          },
          content: {
            'application/json': { schema: ref('Answer') },
            'text/event-stream': {
              schema: {
                type: 'string',
                description: 'Each event has one line of JSON: TokenEvent, ToolEvent, Answer or ErrorEvent.',
              },
            },
          },
        },
        ...problems('bad-request', 'unauthorized', 'not-found', 'request-in-progress', 'content-too-large'),
        ...problems('unsupported-media-type', 'key-reused', 'too-many-requests', 'unavailable', 'timeout'),
      },
    },
  },
  '/v1/answers/{id}': {
    parameters: [pathParameter({ type: 'string', format: 'uuid' })],
    get: operation('getAnswer', 'questions', 'Gives an answer that was made before.', ok('Turn'), 'not-found'),
  },
  '/v1/conversations/{id}': {
    parameters: [pathParameter({ type: 'string', format: 'uuid' })],
    get: {
      parameters: [queryParameter('limit', 1, 100), queryParameter('after', 0)],
      ...operation(
        'getConversation',
        'conversations',
        'Gives the turns of a conversation, page by page.',
        ok('Conversation'),
        'bad-request',
        'not-found',
      ),
    },
    delete: operation(
      'deleteConversation',
      'conversations',
      'Deletes a conversation with its answers.',
      gone(),
      'not-found',
    ),
  },
};

const DOCUMENTS: Part = {
  '/v1/documents': {
    get: {
      parameters: [
        queryParameter('limit', 1, 100),
        queryParameter('after', 0),
        {
          name: 'query',
          in: 'query',
          description: 'Gives what fits best instead of all.',
          schema: { type: 'string', maxLength: 1_000 },
        },
      ],
      ...operation('listDocuments', 'documents', 'Lists documents, or finds them.', ok('DocumentList'), 'bad-request'),
    },
    post: {
      requestBody: json('NewDocument'),
      ...operation(
        'addDocument',
        'documents',
        'Adds a document to answer from.',
        {
          201: {
            description: 'It was added.',
            headers: { ...REQUEST_ID, Location: { schema: { type: 'string' } } },
            content: { 'application/json': { schema: ref('Document') } },
          },
        },
        'bad-request',
        'content-too-large',
        'unsupported-media-type',
      ),
    },
  },
  '/v1/documents/{id}': {
    parameters: [pathParameter({ type: 'integer', minimum: 1 })],
    get: operation('getDocument', 'documents', 'Gives a document.', ok('Document'), 'not-found'),
    delete: operation('deleteDocument', 'documents', 'Deletes a document.', gone(), 'not-found'),
  },
};

const OPERATION: Part = {
  ...Object.fromEntries(
    [
      ['/health/live', 'live', 'Whether the process runs.', [200]] as const,
      [
        '/health/startup',
        'startup',
        'Whether the first attempt to bring the schema up to date is over.',
        [200, 503],
      ] as const,
      ['/health/ready', 'ready', 'Whether it can take requests.', [200, 503]] as const,
    ].map(([path, operationId, summary, statuses]) => {
      const health = { headers: REQUEST_ID, content: { 'application/health+json': { schema: ref('Health') } } };
      const answers = statuses.map((status) => [status, { description: status === 200 ? 'Yes.' : 'No.', ...health }]);
      return [path, { get: open(operationId, summary, Object.fromEntries(answers)) }];
    }),
  ),
  '/metrics': { get: open('metrics', 'The metrics, for Prometheus.', found('text/plain', { type: 'string' })) },
  '/openapi.json': { get: open('openapi', 'This document.', found('application/json', { type: 'object' })) },
};

/** An operation that needs a token, and a database. */
function operation(
  operationId: string,
  tag: string,
  summary: string,
  good: Part,
  ...kinds: readonly ProblemKind[]
): Part {
  const responses = { ...good, ...problems('unauthorized', 'unavailable', ...kinds) };
  return { operationId, tags: [tag], summary, responses };
}

function open(operationId: string, summary: string, responses: Part): Part {
  return { operationId, tags: ['operation'], summary, security: [], responses: { ...responses, ...problems() } };
}

function ok(schema: string): Part {
  return found('application/json', ref(schema));
}

function found(contentType: string, schema: Part): Part {
  return { 200: { description: 'Here it is.', headers: REQUEST_ID, content: { [contentType]: { schema } } } };
}

function gone(): Part {
  return { 204: { description: 'It is gone.', headers: REQUEST_ID } };
}

/** Those that belong to an operation, and any other that may come between. */
function problems(...kinds: readonly ProblemKind[]): Part {
  const content = { [PROBLEM_TYPE]: { schema: ref('Problem') } };
  const each = kinds.map((kind) => {
    const { status, title } = PROBLEMS[kind];
    return [status, { description: `${title}.`, headers: { ...REQUEST_ID, ...extraHeaders(kind) }, content }];
  });
  return { ...Object.fromEntries(each), default: { description: 'Any other problem.', headers: REQUEST_ID, content } };
}

function extraHeaders(kind: ProblemKind): Part {
  const required = { required: true, schema: { type: 'string' } };
  if (kind === 'unauthorized') return { 'WWW-Authenticate': required };
  return kind === 'unavailable' || kind === 'request-in-progress' || kind === 'too-many-requests'
    ? { 'Retry-After': required }
    : {};
}

function json(schema: string): Part {
  return { required: true, content: { 'application/json': { schema: ref(schema) } } };
}

function pathParameter(schema: Part): Part {
  return { name: 'id', in: 'path', required: true, schema };
}

function queryParameter(name: string, minimum: number, maximum?: number): Part {
  return { name, in: 'query', schema: { type: 'integer', minimum, ...(maximum === undefined ? {} : { maximum }) } };
}

function headerParameter(name: string, description: string): Part {
  return { name, in: 'header', description };
}
