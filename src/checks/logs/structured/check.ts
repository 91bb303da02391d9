import { defineCheck } from '../../../core/check.ts';
import type { ContainerLog } from '../../../core/log-facts.ts';
import { databaseImage } from '../../../kubernetes/database-image.ts';
import { judgeStreams, lineOf, ofSpan } from '../judge-streams.ts';
import { CLASS_TEXT, classifyLine, type LineClass } from '../log-line.ts';

export const logsStructuredCheck = defineCheck({
  id: 'logs/structured',
  title: 'Every log line is one JSON object with time, level and message',
  severity: 'error',
  why: 'Collectors parse line by line. A stack trace of thirty lines becomes thirty events without a level, and the one line that explains the outage cannot be searched, counted or alerted on.',
  how: 'Every line must be one JSON object with a time that can be read, a known level and a message, under any of the names that pino, ECS, OpenTelemetry, structlog, zap and others use. Lines that are not are counted by kind. In a cluster these are the lines of the last minutes (--logs-since), those before a restart among them, and the newest ones of a container that was silent since. A database that is known by its image is not asked: its format is its own.',
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
        ([kind, lines]) =>
          `${lines.length} × ${CLASS_TEXT[kind]} (line ${lines[0] === undefined ? '?' : lines[0] + 1})`,
      );
      const bad = [...offenders.values()].reduce((sum, lines) => sum + lines.length, 0);
      return {
        outcome: 'fail',
        subject: log.subject,
        message: `${bad} of ${total} lines${ofSpan(log)} are not structured.`,
        observed: counts.join('; '),
        expected: 'JSON with time, level and message on every line',
        where: lineOf(log, first[0] ?? 0),
      };
    }),
});

/** Indices of the lines of each faulty class, in the order of their first appearance. */
function classify(log: ContainerLog): ReadonlyMap<Exclude<LineClass, 'structured'>, readonly number[]> {
  const found = new Map<Exclude<LineClass, 'structured'>, number[]>();
  for (const [index, line] of log.lines.entries()) {
    if (line.trim() === '') continue;
    const kind = classifyLine(line);
    if (kind === 'structured') continue;
    const lines = found.get(kind);
    if (lines === undefined) found.set(kind, [index]);
    else lines.push(index);
  }
  return found;
}
