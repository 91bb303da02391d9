import type { ServerResponse } from 'node:http';
import { currentRequest, requestIdOf } from './request-context.ts';

/**
 * Every problem that the service can tell, so that a client can go by a name that stays. Titles do not change from one case to
 * the next; what is particular to a case stands in its detail.
 */
export const PROBLEMS = {
  'bad-request': { status: 400, title: 'The request is not as it must be' },
  unauthorized: { status: 401, title: 'A valid token is missing' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'request-in-progress': { status: 409, title: 'A request with this key is still under way' },
  'content-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is of a kind that is not taken' },
  'expectation-failed': { status: 417, title: 'The expectation cannot be met' },
  'key-reused': { status: 422, title: 'The key was used for another request' },
  'too-many-requests': { status: 429, title: 'Too many requests at once' },
  'headers-too-large': { status: 431, title: 'The header is too large' },
  'internal-error': { status: 500, title: 'The service made a mistake' },
  unavailable: { status: 503, title: 'The service cannot answer now' },
  timeout: { status: 504, title: 'The answer took too long' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemKind = keyof typeof PROBLEMS;

/** What is particular to one case. */
export interface ProblemCase {
  /** One sentence for the client: nothing of what is inside the service. */
  readonly detail?: string;
  /** Which parts of the body are wrong, by JSON pointer. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  /** After how many seconds it makes sense to try again. */
  readonly retryAfterSeconds?: number;
  /** Other header fields of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of RFC 9457 problem details, with the id by which the log knows the rest. */
export interface ProblemDetails extends Pick<ProblemCase, 'detail' | 'errors'> {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly requestId: string;
}

/** Thrown by a handler that refuses its request. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: ProblemKind;
  readonly particulars: ProblemCase;

  constructor(kind: ProblemKind, particulars: ProblemCase = {}) {
    super(particulars.detail ?? PROBLEMS[kind].title);
    this.kind = kind;
    this.particulars = particulars;
  }
}

/** Answers with problem details. It works on a plain response of Node, so that it serves in front of the application too. */
export function sendProblem(response: ServerResponse, kind: ProblemKind, particulars: ProblemCase = {}): void {
  const { headers = {}, retryAfterSeconds } = particulars;
  const details = problemDetails(kind, particulars, currentRequest()?.requestId ?? requestIdOf(response.req.headers));
  const body = JSON.stringify(details);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
  response.writeHead(details.status, {
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': details.requestId,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problemDetails(
  kind: ProblemKind,
  { detail, errors }: ProblemCase,
  requestId: string,
): ProblemDetails & { readonly status: (typeof PROBLEMS)[ProblemKind]['status'] } {
  const { status, title } = PROBLEMS[kind];
  return {
    type: `urn:problem-type:qna:${kind}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
    requestId,
  };
}
