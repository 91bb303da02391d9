import { defineCheck } from '../../../core/check.ts';
import { databaseImage } from '../../../kubernetes/database-image.ts';
import { judgeStreams, lineOf, ofSpan } from '../judge-streams.ts';
import { readRecord } from '../log-line.ts';
import { requestOf } from '../request-line.ts';

/** In capitals, as loggers write it who put a level into the message. */
const LOUD_WORD = /(?:^|[\s[(|])(?:ERROR|FATAL|CRITICAL|PANIC)(?=$|[\s:\])|])|Traceback \(most recent call last\)/;

export const logsLevelsCheck = defineCheck({
  id: 'logs/levels',
  title: 'A line has the level of what it tells',
  severity: 'warning',
  why: 'Alerts and dashboards count lines by their level. An error that is written at the level of information is found only by whoever already knows of it.',
  how: 'In JSON lines at the level of information or below there must be no error with its stack, no answer of 500 or above, and no word such as ERROR or FATAL at the place of a level in the message. Health endpoints that answer 503 are no error.',
  fix: 'Log what was thrown with logger.error, choose the level of an access line by the status of its answer, and let one logger write the level, and not the message.',
  verify:
    'Run kubectl logs POD | jq -c \'select((.level == "info" or .level == 30) and (.err or .error or (.res.statusCode // .status // 0) >= 500))\'.',
  references: [
    'https://opentelemetry.io/docs/specs/otel/logs/data-model/#severity-fields',
    'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html',
  ],
  needs: ['logs'],
  evaluate: ({ logs }) =>
    judgeStreams(logs, (log) => {
      const { subject } = log;
      const expected = 'errors at the level of an error';
      if (databaseImage(log.image) !== undefined)
        return { outcome: 'not-applicable', subject, message: 'A database writes its log in a form of its own.' };
      const records = log.lines.flatMap((line, index) => {
        const record = readRecord(line);
        return record === undefined ? [] : [{ ...record, index, lie: lieOf(line, record) }];
      });
      if (records.every(({ level }) => level === 'unknown'))
        return { outcome: 'not-applicable', subject, message: 'No line has a level; logs/structured judges that.' };
      const lies = records.filter(({ lie }) => lie !== undefined);
      const [first] = lies;
      if (first === undefined)
        return {
          outcome: 'pass',
          subject,
          message: 'No line tells of an error at the level of information.',
          observed: `${records.length} lines with a level${ofSpan(log)}`,
          expected,
          where: lineOf(log, 0),
        };
      const kinds = [...Map.groupBy(lies, ({ lie }) => lie)].map(([lie, same]) => `${same.length} × ${lie}`);
      return {
        outcome: 'fail',
        subject,
        message: `${lies.length} lines tell of an error at the level of information; the first is line ${first.index + 1}.`,
        observed: kinds.join('; '),
        expected,
        where: lineOf(log, first.index),
      };
    }),
});

/** What a quiet line tells that should be loud. */
function lieOf(
  line: string,
  { level, message, error }: NonNullable<ReturnType<typeof readRecord>>,
): string | undefined {
  if (level !== 'quiet') return undefined;
  if (error !== undefined) return 'an error with its stack';
  const request = requestOf(line);
  if (request?.status !== undefined && request.status >= 500 && !request.isOperational)
    return 'an answer of 500 or above';
  return LOUD_WORD.test(message) ? 'a word for an error in the message' : undefined;
}
