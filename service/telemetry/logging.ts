import { type DestinationStream, type Logger, pino } from 'pino';
import { currentRequest } from '../http/request-context.ts';
import { fitLine, MAX_LINE_BYTES } from './fit-line.ts';
import { type LogFormat, type LogShape, logShape } from './log-shape.ts';
import type { Scrub } from './scrub.ts';

export type { Logger } from 'pino';

export interface LoggingOptions {
  readonly level: string;
  readonly scrub: Scrub;
  /** `json` where absent. */
  readonly format?: LogFormat;
  /** Standard output where absent. */
  readonly destination?: DestinationStream;
}

/**
 * Makes the logger: one JSON object a line, with ISO time and a level by name; short enough to stay in one piece, and with no
 * secret in it wherever that came from. Lines are written at once, so that none is lost when the process ends.
 */
export function createLogger({ level, scrub, format = 'json', destination }: LoggingOptions): Logger {
  const stream = destination ?? standardOutput();
  const shape = logShape(format);
  const finish = finisher(shape, scrub);
  return pino(
    {
      level,
      timestamp: () => `,"${shape.timeKey}":"${new Date().toISOString()}"`,
      messageKey: shape.messageKey,
      base: shape.base,
      // Errors are described already; pino's own way would tell all that hangs on them.
      serializers: { err: (described: unknown) => described },
      formatters: {
        level: (label) => ({ [shape.levelKey]: label }),
        log: (fields) => shape.rename(fields),
      },
      // A copy, because pino adds the line's own fields to what it is given.
      mixin: () => ({ ...currentRequest()?.logFields }),
    },
    { write: (line: string) => stream.write(finish(line)) },
  );
}

/** A reader of the log that went away must not end the service, and cannot be told so. */
function standardOutput(): DestinationStream {
  const stream = pino.destination({ dest: 1, sync: true });
  stream.on('error', () => {});
  return stream;
}

function finisher(shape: LogShape, scrub: Scrub): (line: string) => string {
  const essential = [shape.levelKey, shape.timeKey, shape.messageKey, ...Object.keys(shape.base)];
  return (line) => {
    // Nearly every line ends here.
    if (Buffer.byteLength(line) <= MAX_LINE_BYTES && !scrub.mayApply(line)) return line;
    const safe = scrub.deep(JSON.parse(line)) as Readonly<Record<string, unknown>>;
    return `${fitLine(safe, shape.truncatedKey, essential)}\n`;
  };
}
