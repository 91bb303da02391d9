import { defineCheck } from '../../../core/check.ts';
import { databaseImage } from '../../../kubernetes/database-image.ts';
import { judgeStreams, lineOf, ofSpan } from '../judge-streams.ts';
import { type LogRecord, readRecord } from '../log-line.ts';

/** Workers of one container take turns at its output, and are seldom apart by more. */
const BACK_MS = 60_000;

export const logsFieldsCheck = defineCheck({
  id: 'logs/fields',
  title: 'The fields of log lines keep their types, and their times go on',
  severity: 'warning',
  why: 'A store of logs gives a field the type that it met first. The line that brings an object where a text was is refused, and it is the unusual line that somebody will look for. A clock that runs back puts lines where nobody searches.',
  how: 'Over the JSON lines of a stream, a field at the top is always an object or list, or never one (a null is neither), and the time of a line is at most a minute before that of an earlier one.',
  fix: 'Give each thing a field of its own, such as model and model_details, and write times in UTC from one clock.',
  verify: "Run kubectl logs POD | jq -c 'map_values(type)' | sort | uniq -c.",
  references: [
    'https://www.elastic.co/docs/manage-data/data-store/mapping',
    'https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-timestamp',
  ],
  needs: ['logs'],
  evaluate: ({ logs }) =>
    judgeStreams(logs, (log) => {
      const { subject } = log;
      if (databaseImage(log.image) !== undefined)
        return { outcome: 'not-applicable', subject, message: 'A database writes its log in a form of its own.' };
      const records = log.lines.flatMap((line, index) => {
        const record = readRecord(line);
        return record === undefined ? [] : [{ index, record }];
      });
      if (records.length === 0)
        return {
          outcome: 'not-applicable',
          subject,
          message: 'No line is a JSON object; logs/structured judges that.',
        };
      const expected = 'one type for each field, and times that go on';
      const fault = flipIn(records) ?? stepBackIn(records);
      if (fault !== undefined) {
        const { index, ...told } = fault;
        return { outcome: 'fail', subject, ...told, expected, where: lineOf(log, index) };
      }
      return {
        outcome: 'pass',
        subject,
        message: 'Fields keep their types, and times go on.',
        observed: `${records.length} lines${ofSpan(log)}`,
        expected,
        where: lineOf(log, 0),
      };
    }),
});

interface Numbered {
  readonly index: number;
  readonly record: LogRecord;
}

interface Fault {
  readonly index: number;
  readonly message: string;
  readonly observed: string;
}

function flipIn(records: readonly Numbered[]): Fault | undefined {
  const first = new Map<string, { readonly nested: boolean; readonly index: number }>();
  for (const { index, record } of records)
    for (const [name, value] of Object.entries(record.fields)) {
      if (value === null) continue;
      const nested = typeof value === 'object';
      const known = first.get(name);
      if (known === undefined) first.set(name, { nested, index });
      else if (known.nested !== nested)
        return {
          index,
          message: `A field changes its type: in line ${known.index + 1} it is ${words(known.nested)}, in line ${index + 1} ${words(nested)}.`,
          observed: `the field ${name}`,
        };
    }
  return undefined;
}

function words(nested: boolean): string {
  return nested ? 'an object or a list' : 'a plain value';
}

function stepBackIn(records: readonly Numbered[]): Fault | undefined {
  let latest: { readonly timeMs: number; readonly index: number } | undefined;
  for (const { index, record } of records) {
    const { timeMs } = record;
    if (timeMs === undefined) continue;
    if (latest !== undefined && timeMs < latest.timeMs - BACK_MS)
      return {
        index,
        message: `Time runs back: line ${index + 1} is older than line ${latest.index + 1}, which stands before it.`,
        observed: `${Math.round((latest.timeMs - timeMs) / 1000)} s back`,
      };
    if (latest === undefined || timeMs > latest.timeMs) latest = { timeMs, index };
  }
  return undefined;
}
