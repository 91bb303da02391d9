import type { ReportFinding } from '../core/report.ts';
import { jsonText } from './layout.ts';
import type { Reporter } from './reporter.ts';
import { evidenceOf, gapsOf, isOpen, worstFirst } from './telling.ts';

const SEVERITIES = { error: 'critical', warning: 'minor', note: 'info' } as const;

/**
 * GitLab's code quality: an array of what a merge request shows. What is unknown is shown too, as `minor`, since the widget
 * knows no such word.
 *
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export const gitlabReporter: Reporter = (report) => {
  const issues = [
    ...worstFirst(report.findings.filter(isOpen)).map((finding) => ({
      check_name: finding.check,
      description: descriptionOf(finding),
      fingerprint: finding.id,
      severity: finding.outcome === 'unknown' ? 'minor' : SEVERITIES[finding.severity],
      location: placeOf(finding.where, finding.subject),
    })),
    ...gapsOf(report).map(({ source, what, sentence, where }) => ({
      check_name: `${source}/not-seen`,
      description: sentence,
      fingerprint: `${source}/not-seen#${what}`,
      severity: 'minor',
      location: placeOf(where, source),
    })),
  ];
  return jsonText(issues);
};

function descriptionOf(finding: ReportFinding): string {
  const { outcome, subject, message } = finding;
  return [`${outcome === 'unknown' ? 'Unknown of ' : ''}${subject}: ${message}`, ...evidenceOf(finding)].join(' ');
}

/** Each issue needs a path and a line; an object of a cluster has neither. */
function placeOf(where: ReportFinding['where'], otherwise: string) {
  if (where !== undefined && 'file' in where) return { path: where.file, lines: { begin: where.line } };
  return { path: otherwise, lines: { begin: 1 } };
}
