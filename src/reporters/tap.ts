import type { ReportFinding } from '../core/report.ts';
import { safe } from './layout.ts';
import type { Reporter } from './reporter.ts';
import { evidenceOf, gapsOf } from './telling.ts';

/**
 * TAP 14: a test point for each finding, for each item that nothing was given for, and for each part of the input that was not
 * seen. Only what passed is `ok` by itself; what does not apply, was waived or is for a person to look at is skipped.
 *
 * @see https://testanything.org/tap-version-14-specification.html
 */
export const tapReporter: Reporter = (report) => {
  const points = [
    ...report.findings.map(pointOf),
    ...report.items
      .filter(({ missing }) => missing !== undefined)
      .map(({ id, title, state, missing = '' }) =>
        state === 'manual'
          ? { ok: true, description: `${id} ${title}`, skip: missing }
          : { ok: false, description: `${id} ${title}`, diagnostic: { message: missing, outcome: 'unknown' } },
      ),
    ...gapsOf(report).map(({ source, what, sentence }) => ({
      ok: false,
      description: `${source} ${what}`,
      diagnostic: { message: sentence, outcome: 'not-seen' },
    })),
  ];
  const lines = [
    'TAP version 14',
    `1..${points.length}${points.length === 0 ? ' # SKIP nothing was found to judge' : ''}`,
    ...points.flatMap(({ ok, description, skip, diagnostic }: Point, index) => [
      `${ok ? 'ok' : 'not ok'} ${index + 1} - ${oneLine(description)}${skip === undefined ? '' : ` # SKIP ${oneLine(skip)}`}`,
      ...(diagnostic === undefined ? [] : block(diagnostic)),
    ]),
  ];
  return `${lines.join('\n')}\n`;
};

interface Point {
  readonly ok: boolean;
  readonly description: string;
  readonly skip?: string;
  readonly diagnostic?: Readonly<Record<string, string | readonly string[]>>;
}

function pointOf(finding: ReportFinding): Point {
  const { check, source, subject, outcome, severity, message } = finding;
  const description = `${source} ${check} ${subject}`;
  if (outcome === 'pass') return { ok: true, description };
  if (outcome === 'waived' || outcome === 'not-applicable') return { ok: true, description, skip: message };
  return { ok: false, description, diagnostic: { message, severity, outcome, evidence: evidenceOf(finding) } };
}

/** Values are written as JSON, which is YAML that says the same to every parser. */
function block(diagnostic: NonNullable<Point['diagnostic']>): readonly string[] {
  return [
    '  ---',
    ...Object.entries(diagnostic).map(
      ([key, value]) =>
        `  ${key}: ${typeof value === 'string' ? JSON.stringify(safe(value)) : JSON.stringify(value.map(safe))}`,
    ),
    '  ...',
  ];
}

/** A `#` would begin a directive, and a line break a line of its own. */
function oneLine(text: string): string {
  return safe(text).replace(/\s+/g, ' ').replace(/[\\#]/g, '\\$&');
}
