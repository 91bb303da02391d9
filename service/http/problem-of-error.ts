import { ProviderError } from '../answering/answerer.ts';
import { UnknownConversation } from '../database/answers.ts';
import { isDatabaseUnavailable } from '../database/unavailable.ts';
import { type ProblemCase, type ProblemKind, Refusal } from './problem.ts';

export interface ToldProblem {
  readonly kind: ProblemKind;
  readonly particulars: ProblemCase;
}

const RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 60;

/** What a client may know of an error: all of it where it is the client's own doing, and else only what to do now. */
export function problemOfError(error: unknown): ToldProblem {
  if (error instanceof Refusal) return { kind: error.kind, particulars: error.particulars };
  if (error instanceof UnknownConversation)
    return { kind: 'not-found', particulars: { detail: 'There is no such conversation.' } };
  if (error instanceof ProviderError) return problemOfProvider(error);
  if (isDatabaseUnavailable(error)) return unavailable('The database cannot be reached now; ask again later.');
  return problemOfReading(error) ?? { kind: 'internal-error', particulars: {} };
}

/** The pause that the provider asked for is passed on, but not to the hour: it may be well again long before. */
function problemOfProvider({ reason, retryAfterMs }: ProviderError): ToldProblem {
  if (reason === 'timeout')
    return { kind: 'timeout', particulars: { detail: 'The answer was not made in time; ask again later.' } };
  const asked = Math.ceil((retryAfterMs ?? RETRY_AFTER_SECONDS * 1000) / 1000);
  const retryAfterSeconds = Math.min(Math.max(asked, 1), MAX_RETRY_AFTER_SECONDS);
  if (reason === 'overloaded')
    return {
      kind: 'too-many-requests',
      particulars: {
        detail: 'More questions are being answered than the service can; ask again later.',
        retryAfterSeconds,
      },
    };
  return unavailable('The model cannot be asked now; ask again later.', retryAfterSeconds);
}

function unavailable(detail: string, retryAfterSeconds = RETRY_AFTER_SECONDS): ToldProblem {
  return { kind: 'unavailable', particulars: { detail, retryAfterSeconds } };
}

/** The errors of the library that reads paths and bodies, by the names that it gives them, and of what cannot be kept. */
function problemOfReading(error: unknown): ToldProblem | undefined {
  const { type, status, limit, code } = (error ?? {}) as Readonly<
    Record<'type' | 'status' | 'limit' | 'code', unknown>
  >;
  // PostgreSQL's index of words has a limit of its own.
  if (code === '54000') return { kind: 'content-too-large', particulars: { detail: 'The text has too many words.' } };
  switch (type) {
    case 'entity.too.large':
      return { kind: 'content-too-large', particulars: { detail: `The body may have ${limit} bytes.` } };
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return {
        kind: 'unsupported-media-type',
        particulars: { detail: 'Send JSON in UTF-8, plain or compressed by gzip, deflate or br.' },
      };
    case 'entity.parse.failed':
      return { kind: 'bad-request', particulars: { detail: 'The body is not valid JSON.' } };
    default:
      return typeof status === 'number' && status >= 400 && status < 500
        ? { kind: 'bad-request', particulars: { detail: 'The request cannot be read.' } }
        : undefined;
  }
}
