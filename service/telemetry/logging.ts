import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { currentRequest } from '../http/request-context.ts';
import { VERSION } from '../version.ts';

export type { Logger } from 'pino';

/** Container runtimes cut longer lines in two, and a half of a JSON object is no JSON. */
const MAX_FIELD_LENGTH = 2000;

export interface LoggingOptions {
  readonly level: string;
  readonly scrub: (text: string) => string;
  /** Standard output where absent. */
  readonly destination?: DestinationStream;
}

/** Makes the logger: one JSON object a line, with ISO time, a level by name, and no secret in it. */
export function createLogger({ level, scrub, destination }: LoggingOptions): Logger {
  const stream = destination ?? pino.destination({ dest: 1, sync: true });
  return pino(
    {
      level,
      timestamp: stdTimeFunctions.isoTime,
      messageKey: 'msg',
      base: { service: 'qna', version: VERSION },
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      mixin: () => currentRequest()?.logFields ?? {},
    },
    { write: (line: string) => stream.write(scrub(line)) },
  );
}

/** Only what is known to be harmless: errors of clients carry requests, and requests carry keys. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error).slice(0, MAX_FIELD_LENGTH) };
  const { code } = error as { readonly code?: unknown };
  return {
    type: error.name,
    message: error.message.slice(0, MAX_FIELD_LENGTH),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: (error.stack ?? '').slice(0, MAX_FIELD_LENGTH),
  };
}
