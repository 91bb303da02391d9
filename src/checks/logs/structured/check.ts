import { defineCheck } from '../../../core/check.ts';
import type { ContainerLog } from '../../../core/log-facts.ts';
import { databaseImage } from '../../../kubernetes/database-image.ts';
import { judgeStreams, lineOf, ofSpan } from '../judge-streams.ts';
import { CLASS_TEXT, type LineClass } from '../log-line.ts';
import { piecesOf } from '../stacks.ts';

export const logsStructuredCheck = defineCheck({
  id: 'logs/structured',
  title: 'Every log line is one JSON object with time, level and message',
  severity: 'error',
  why: 'Collectors parse line by line. A stack trace of thirty lines becomes thirty events without a level, and the one line that explains the outage cannot be searched, counted or alerted on.',
  how: 'Every line must be one JSON object with a time that can be read, a known level and a message, under any of the names that pino, ECS, OpenTelemetry, structlog, zap and others use. Lines that are not are counted by kind; the lines of one stack trace are one, and colours for a terminal are a kind of their own. In a cluster these are the lines of the last minutes (--logs-since), those before a restart among them, and the newest ones of a container that was silent since. A database that is known by its image is not asked: its format is its own.',
  fix: 'Let one JSON logger write everything to standard output, and route warnings, uncaught exceptions and the output of libraries through it; start the process directly, not through a package manager.',
  verify:
    'Run kubectl logs POD | while read -r line; do printf %s "$line" | jq -e .level > /dev/null || echo "$line"; done.',
  references: [
    'https://opentelemetry.io/docs/specs/otel/logs/data-model/',
    'https://kubernetes.io/docs/concepts/cluster-administration/logging/',
  ],
  needs: ['logs'],
  evaluate: ({ logs }) =>
    judgeStreams(logs, (log) => {
      const database = databaseImage(log.image);
      if (database !== undefined)
        return {
          outcome: 'not-applicable',
          subject: log.subject,
          message: `${database.product} writes its log in a form of its own.`,
        };
      const offenders = classify(log);
      const total = log.lines.length;
      const [first] = offenders.values();
      if (first === undefined)
        return {
          outcome: 'pass',
          subject: log.subject,
          message: 'Every line is one JSON object with time, level and message.',
          observed: `${total} lines${ofSpan(log)}, all structured`,
          expected: 'JSON with time, level and message',
          where: lineOf(log, 0),
        };
      const counts = [...offenders].map(
        ([kind, { starts }]) =>
          `${starts.length} × ${CLASS_TEXT[kind]} (line ${starts[0] === undefined ? '?' : starts[0] + 1})`,
      );
      const bad = [...offenders.values()].reduce((sum, { lines }) => sum + lines, 0);
      return {
        outcome: 'fail',
        subject: log.subject,
        message: `${bad} of ${total} lines${ofSpan(log)} are not structured.`,
        observed: counts.join('; '),
        expected: 'JSON with time, level and message on every line',
        where: lineOf(log, first.starts[0] ?? 0),
      };
    }),
});

interface Offenders {
  /** The index of the first line of each: a stack trace of thirty lines is one. */
  readonly starts: number[];
  lines: number;
}

/** What is not structured by its class, in the order of first appearance. */
function classify(log: ContainerLog): ReadonlyMap<Exclude<LineClass, 'structured'>, Offenders> {
  const found = new Map<Exclude<LineClass, 'structured'>, Offenders>();
  for (const { kind, start, lines } of piecesOf(log.lines)) {
    if (kind === 'structured') continue;
    const offenders = found.get(kind) ?? { starts: [], lines: 0 };
    found.set(kind, offenders);
    offenders.lines += lines;
    offenders.starts.push(start);
  }
  return found;
}
