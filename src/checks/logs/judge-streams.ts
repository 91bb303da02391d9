import type { Verdict } from '../../core/check.ts';
import type { ContainerLog } from '../../core/log-facts.ts';

/** Judges each stream that has lines; a stream without any proves nothing. */
export function judgeStreams(logs: readonly ContainerLog[], judge: (log: ContainerLog) => Verdict): readonly Verdict[] {
  if (logs.length === 0)
    return [{ outcome: 'unknown', subject: 'logs', message: 'No container runs whose log lines could be judged.' }];
  return logs.map((log) =>
    log.lines.length > 0
      ? judge(log)
      : {
          outcome: 'unknown',
          subject: log.subject,
          message: 'No line was written, so nothing can be said about its form.',
          observed: 'no line',
          expected: 'at least one line',
        },
  );
}

/** `line 3` of a stream; its value is not shown, because a log line can hold anything. */
export function lineOf(log: ContainerLog, index: number): { readonly object: string; readonly path: string } {
  return { object: log.subject, path: `line ${index + 1}` };
}

/** ` of the last 10 minutes`, for evidence; nothing where a file says nothing of it. */
export function ofSpan({ span }: ContainerLog): string {
  return span === undefined ? '' : ` of ${span}`;
}
