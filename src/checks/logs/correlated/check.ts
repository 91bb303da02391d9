import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { ContainerLog } from '../../../core/log-facts.ts';
import { lineOf } from '../judge-streams.ts';
import { type RequestLine, requestOf } from '../request-line.ts';

export const logsCorrelatedCheck = defineCheck({
  id: 'logs/correlated',
  title: 'A line about a request says which request it is about',
  severity: 'warning',
  why: 'One answer writes lines in the edge, in the service and in the calls that it makes. Without an id that they share, the lines of a failed answer cannot be told from those of the answers beside it.',
  how: 'Each JSON line that tells of a request, by a method and a path or a status under the names of pino, ECS, OpenTelemetry, structlog and others, also carries the id of a trace or of the request. Requests for health and metrics do not count. Where no line tells of a request, the check does not apply. Each request of ours carries a traceparent; where the lines are read after them (probe --logs), those that tell of our requests should carry that trace.',
  fix: 'Take the trace id from the header traceparent, or make a request id where there is none, and let the logger write it with every line of that request.',
  verify:
    'Run kubectl logs POD | jq -c "select(.req or .method) | {trace_id, requestId, reqId}" and see that no line is empty.',
  references: [
    'https://www.w3.org/TR/trace-context/',
    'https://opentelemetry.io/docs/specs/otel/logs/data-model/#trace-context-fields',
  ],
  needs: ['logs'],
  evaluate: ({ logs }) => {
    if (logs.length === 0)
      return [{ outcome: 'unknown', subject: 'logs', message: 'No container runs whose log lines could be judged.' }];
    return [...logs.map(judge), ...judgeOwn(logs)];
  },
});

function judge(log: ContainerLog): Verdict {
  const requests = log.lines.flatMap((line, index) => {
    const request = requestOf(line);
    return request === undefined || request.isOperational ? [] : [{ ...request, index }];
  });
  const { subject } = log;
  if (requests.length === 0)
    return { outcome: 'not-applicable', subject, message: 'No line tells of a request of a caller.' };
  const lost = requests.filter(({ id }) => id === undefined);
  const [first] = lost;
  const expected = 'the id of a trace or of the request in each line about a request';
  if (first === undefined)
    return {
      outcome: 'pass',
      subject,
      message: 'Every line about a request says which one.',
      observed: `${requests.length} lines about requests, by ${namesOf(requests)}`,
      expected,
      where: lineOf(log, requests[0]?.index ?? 0),
    };
  return {
    outcome: 'fail',
    subject,
    message: `${lost.length} of ${requests.length} lines about requests do not say which one.`,
    observed: `no trace id and no request id, first in line ${first.index + 1}`,
    expected,
    where: lineOf(log, first.index),
  };
}

/** Whether the trace that we began goes on in the service; nothing where no line tells of our requests. */
function judgeOwn(logs: readonly ContainerLog[]): readonly Verdict[] {
  const [of] = logs.flatMap(({ ownRequests }) => ownRequests ?? []);
  if (of === undefined) return [];
  const about = { subject: 'lines about our own requests', expected: `the trace of their traceparent, ${of.traceId}` };
  const places = logs.flatMap((log) =>
    log.lines.map((line, index) => ({
      log,
      index,
      isTraced: line.includes(of.traceId),
      isOurs: of.paths.some((path) => line.includes(path)),
    })),
  );
  const traced = places.filter(({ isTraced }) => isTraced);
  const [first] = traced;
  if (first !== undefined)
    return [
      {
        ...about,
        outcome: 'pass',
        message: 'The trace of our own requests stands in the lines.',
        observed: `${traced.length} lines`,
        where: lineOf(first.log, first.index),
      },
    ];
  const [ours] = places.filter(({ isOurs }) => isOurs);
  if (ours === undefined) return [];
  return [
    {
      ...about,
      outcome: 'fail',
      severity: 'note',
      message: 'The lines about our own requests do not carry their trace: it ends at the door of the service.',
      observed: 'lines with the paths that only we asked for, and without the trace',
      where: lineOf(ours.log, ours.index),
    },
  ];
}

function namesOf(requests: readonly RequestLine[]): string {
  return [...new Set(requests.flatMap(({ id }) => id ?? []))].join(', ');
}
