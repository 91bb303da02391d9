import { PROBLEMS } from './problem.ts';

type Schema = Readonly<Record<string, unknown>>;

/** An object of exactly these members; all of them are there unless told otherwise. */
function object(properties: Readonly<Record<string, Schema>>, required = Object.keys(properties)): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

const list = (items: Schema): Schema => ({ type: 'array', items });
const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values });
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const UUID: Schema = { type: 'string', format: 'uuid' };
const TIME: Schema = { type: 'string', format: 'date-time' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const TEXT: Schema = { type: 'string' };
const NEXT: Schema = {
  type: ['integer', 'null'],
  description: 'Give it as "after" to get the next page; null on the last one.',
};
const TOOL_CALL = object({ name: TEXT, outcome: oneOf('ok', 'error') });
const HEALTH_CHECK = list(object({ componentType: TEXT, status: oneOf('pass', 'warn', 'fail'), time: TIME }));

const PROBLEM_MEMBERS: Readonly<Record<string, Schema>> = {
  type: oneOf(...Object.keys(PROBLEMS).map((kind) => `urn:problem-type:qna:${kind}`)),
  title: TEXT,
  status: { type: 'integer', minimum: 400, maximum: 599 },
  detail: TEXT,
  errors: list(object({ pointer: TEXT, detail: TEXT })),
  requestId: TEXT,
};
const PROBLEM_REQUIRED = ['type', 'title', 'status', 'requestId'];

const ANSWER: Readonly<Record<string, Schema>> = {
  id: UUID,
  conversationId: { ...UUID, description: 'Give it with the next question to continue the conversation.' },
  answer: TEXT,
  complete: {
    type: 'boolean',
    description: 'False where the client left, or the service stopped, before it was whole.',
  },
  model: TEXT,
  offline: { type: 'boolean', description: 'Made from the documents alone, without a model.' },
  degraded: { const: true, description: 'The documents answered where a model should have.' },
  toolCalls: list(TOOL_CALL),
  usage: object({ inputTokens: COUNT, outputTokens: COUNT }),
  costUsd: { type: ['number', 'null'], minimum: 0, description: 'Null where no price is known.' },
  createdAt: TIME,
};

const ALWAYS = Object.keys(ANSWER).filter((name) => name !== 'degraded');

const LISTED = { id: { type: 'integer', minimum: 1 }, title: TEXT } as const;
const STORED = { ...LISTED, length: COUNT, createdAt: TIME };

/** Every shape that goes in or out, by its name in the document. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Question: object({ question: { type: 'string', minLength: 1, maxLength: 4_000 }, conversationId: UUID }, [
    'question',
  ]),
  Answer: object(ANSWER, ALWAYS),
  Turn: object({ question: TEXT, ...ANSWER }, ['question', ...ALWAYS]),
  Conversation: object({ id: UUID, turns: list(ref('Turn')), next: NEXT }),
  NewDocument: object({
    title: { type: 'string', minLength: 1, maxLength: 200 },
    body: { type: 'string', minLength: 1, maxLength: 200_000 },
  }),
  Document: object({ ...STORED, body: TEXT }),
  DocumentList: object({
    documents: list({
      oneOf: [
        object(STORED),
        object({
          ...LISTED,
          rank: { type: 'number', description: 'Of use only within one answer.' },
          sentences: list(TEXT),
        }),
      ],
    }),
    next: NEXT,
  }),
  Health: object(
    {
      status: oneOf('pass', 'warn', 'fail'),
      notes: list(TEXT),
      checks: { type: 'object', additionalProperties: HEALTH_CHECK },
    },
    ['status'],
  ),
  Problem: object(PROBLEM_MEMBERS, PROBLEM_REQUIRED),
  TokenEvent: object({ text: TEXT }),
  ToolEvent: TOOL_CALL,
  ErrorEvent: object(
    { ...PROBLEM_MEMBERS, answerId: { ...UUID, description: 'The unfinished answer that was kept.' } },
    PROBLEM_REQUIRED,
  ),
};
