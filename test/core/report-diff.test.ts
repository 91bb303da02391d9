import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES, SEVERITIES } from '../../src/core/check.ts';
import { diffReports } from '../../src/core/diff-reports.ts';
import { DEFAULT_POLICY, REPORT_SCHEMA, type Report, type ReportFinding } from '../../src/core/report.ts';
import type { ChangeKind } from '../../src/core/report-diff.ts';
import { trendOf } from '../../src/core/trend.ts';

const MIRROR: Readonly<Partial<Record<ChangeKind, ChangeKind>>> = {
  failed: 'mended',
  mended: 'failed',
  'became-unknown': 'became-seen',
  'became-seen': 'became-unknown',
  waived: 'no-longer-waived',
  'no-longer-waived': 'waived',
};

const finding = fc.record({
  check: fc.constantFrom('probes/budget', 'image/pinned'),
  subject: fc.constantFrom('Deployment qna', 'Deployment web', 'k8s'),
  outcome: fc.constantFrom(...OUTCOMES),
  severity: fc.constantFrom(...SEVERITIES),
  message: fc.constantFrom('It took 3 s.', 'It took 4 s.', 'It is wrong.'),
});

const report = fc.array(finding, { maxLength: 8 }).map((findings): Report => {
  const taken = new Map<string, number>();
  return {
    $schema: REPORT_SCHEMA,
    tool: { name: 'qna-ready', version: '1.0.0' },
    command: 'validate',
    startedAt: '2026-11-01T08:00:00.000Z',
    sources: [{ name: 'files', target: 'k8s', seen: {}, notSeen: [] }],
    roles: [],
    summary: { pass: 0, fail: 0, unknown: 0, notApplicable: 0, waived: 0, exitCode: 0, verdict: 'ready' },
    items: [],
    findings: findings.map((one): ReportFinding => {
      const base = `${one.check}@files#${one.subject}`;
      const nth = (taken.get(base) ?? 0) + 1;
      taken.set(base, nth);
      return { ...one, id: nth === 1 ? base : `${base}~${nth}`, item: '7.4', source: 'files' };
    }),
  };
});

const diffOf = (a: Report, b: Report) =>
  diffReports({ name: 'a', report: a }, { name: 'b', report: b }, DEFAULT_POLICY);

describe('what changed between two reports', () => {
  it('is nothing between a report and itself', () => {
    fc.assert(
      fc.property(report, (one) => {
        const { changes, items, oneSided, gaps, objects, summary } = diffOf(one, one);
        expect({ changes, items, oneSided, gaps, objects }).toEqual({
          changes: [],
          items: [],
          oneSided: [],
          gaps: [],
          objects: { new: [], gone: [] },
        });
        expect(summary.exitCode).toBe(0);
      }),
    );
  });

  it('is mirrored when the reports are swapped', () => {
    const count = (kinds: readonly ChangeKind[]) => kinds.toSorted().join(' ');
    fc.assert(
      fc.property(report, report, (a, b) => {
        const [forth, back] = [diffOf(a, b), diffOf(b, a)];
        expect(count(back.changes.map(({ kind }) => MIRROR[kind] ?? kind))).toBe(
          count(forth.changes.map(({ kind }) => kind)),
        );
        expect(back.objects).toEqual({ new: forth.objects.gone, gone: forth.objects.new });
      }),
    );
  });
});

describe('the exit code of a comparison', () => {
  const [empty] = fc.sample(
    report.map((one) => ({ ...one, findings: [] })),
    1,
  );
  const of = (outcome: ReportFinding['outcome'], severity: ReportFinding['severity'] = 'error') => ({
    ...(empty as Report),
    findings: [
      { id: 'a/b@files#x', check: 'a/b', item: '', source: 'files', subject: 'x', message: 'It.', outcome, severity },
    ] as const,
  });

  it.each([
    ['pass', 'fail', 'error', 1],
    ['waived', 'fail', 'error', 1],
    ['unknown', 'fail', 'error', 1],
    ['pass', 'fail', 'note', 0],
    ['fail', 'fail', 'error', 0],
    ['fail', 'unknown', 'error', 3],
    ['pass', 'unknown', 'error', 3],
    ['pass', 'unknown', 'note', 0],
    ['unknown', 'unknown', 'error', 0],
    ['fail', 'pass', 'error', 0],
  ] as const)('from %s to %s at %s is %i', (was, is, severity, exitCode) => {
    expect(diffOf(of(was, severity), of(is, severity)).summary.exitCode).toBe(exitCode);
  });
});

describe('a trend', () => {
  const row = (states: string) =>
    [...states].map((state, day) => ({
      at: `2026-11-0${day + 1}T08:00:00.000Z`,
      report: `r${day + 1}`,
      state: state === ' ' ? null : state,
    }));

  it.each([
    ['aaa', 'a', '01', 0, 3],
    ['aab', 'b', '03', 1, 1],
    ['a a', 'a', '01', 0, 2],
    ['aba ', 'a', '03', 2, 1],
  ])('of %j ends in %s since day %s', (states, state, day, flips, reports) => {
    const trend = trendOf(row(states));
    expect(trend).toMatchObject({ state, since: `2026-11-${day}T08:00:00.000Z`, reports });
    expect(trend?.flips).toHaveLength(flips);
  });

  it('is none where no report says anything', () => expect(trendOf(row('  '))).toBeUndefined());
});
