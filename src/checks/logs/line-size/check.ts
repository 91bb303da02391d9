import { defineCheck } from '../../../core/check.ts';
import { judgeStreams, lineOf, ofSpan } from '../judge-streams.ts';

/** The smallest size at which a container runtime in use splits a line. */
const LARGEST_LINE = 8 * 1024;

export const logsLineSizeCheck = defineCheck({
  id: 'logs/line-size',
  title: 'Log lines are short enough to stay in one piece',
  severity: 'note',
  why: 'Container runtimes split long lines, at 16 KiB or already at 8, and many collectors never join the parts again: one valid JSON line becomes two invalid ones.',
  how: 'Every line must be shorter than 8 KiB in UTF-8.',
  fix: 'Truncate stacks, prompts and answers before they are logged, and log sizes instead of contents.',
  verify: 'Run kubectl logs POD | awk "length > 8191 { print NR, length }".',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/95096',
    'https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md',
  ],
  needs: ['logs'],
  evaluate: ({ logs }) =>
    judgeStreams(logs, (log) => {
      const encoder = new TextEncoder();
      const sizes = log.lines.map((line) =>
        line.length * 3 < LARGEST_LINE ? line.length : encoder.encode(line).length,
      );
      const longest = sizes.reduce((max, size) => Math.max(max, size), 0);
      const long = sizes.filter((size) => size >= LARGEST_LINE).length;
      return {
        outcome: long === 0 ? 'pass' : 'fail',
        subject: log.subject,
        message:
          long === 0
            ? 'Every line is shorter than 8 KiB.'
            : `${long} lines are 8 KiB or longer, so a runtime may split them.`,
        observed: `longest line ${longest} bytes, of ${sizes.length} lines${ofSpan(log)}`,
        expected: `less than ${LARGEST_LINE} bytes`,
        where: lineOf(log, sizes.indexOf(longest)),
      };
    }),
});
