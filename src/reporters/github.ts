import type { ReportFinding } from '../core/report.ts';
import { safe } from './layout.ts';
import type { Reporter } from './reporter.ts';
import { countsOf, evidenceOf, gapsOf, isOpen, verdictWords, worstFirst } from './telling.ts';

const LEVELS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/**
 * Workflow commands, which GitHub turns into annotations of a run and of the lines of a pull request. It shows ten of each
 * level in a step, so the worst come first; the last line is the verdict.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export const githubReporter: Reporter = (report) => {
  const { exitCode } = report.summary;
  const lines = [
    ...worstFirst(report.findings.filter(isOpen)).map(annotationOf),
    ...gapsOf(report).map(({ what, sentence, where }) =>
      command('warning', { title: `not seen: ${what}`, ...place(where) }, sentence),
    ),
    command(
      exitCode === 0 ? 'notice' : 'error',
      { title: `qna-ready ${report.command}` },
      `${verdictWords(report)}: ${countsOf(report)} (exit code ${exitCode}).`,
    ),
  ];
  return `${lines.join('\n')}\n`;
};

function annotationOf(finding: ReportFinding): string {
  const { check, subject, outcome, severity, message, where } = finding;
  const level = outcome === 'unknown' ? 'warning' : LEVELS[severity];
  const title = `${check}${outcome === 'unknown' ? ' is unknown' : ''}: ${subject}`;
  return command(level, { title, ...place(where) }, [message, ...evidenceOf(finding)].join('\n'));
}

function place(where: ReportFinding['where']): Readonly<Record<string, string | number>> {
  if (where === undefined || !('file' in where)) return {};
  return { file: where.file, line: where.line, col: where.column };
}

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const given = Object.entries(properties).map(
    ([key, value]) => `${key}=${encode(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  );
  return `::${name} ${given.join(',')}::${encode(message)}`;
}

/** As GitHub's own toolkit encodes, so that no text of the input can begin a command of its own. */
function encode(text: string): string {
  return safe(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}
