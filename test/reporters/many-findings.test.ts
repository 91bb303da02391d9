import { expect, it } from 'vitest';
import type { Report, ReportFinding } from '../../src/core/report.ts';
import { loadReporter } from '../../src/reporters/reporter.ts';
import { EMPTY_REPORT } from './reports.ts';

const faultsOf = (check: string, message: string, count: number): readonly ReportFinding[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${check}@cluster#Deployment team-${index}/qna`,
    check,
    item: '2.3',
    source: 'cluster',
    outcome: 'fail',
    severity: 'error',
    subject: `Deployment team-${index}/qna`,
    message,
  }));

async function told(report: Report, verbose: boolean): Promise<string> {
  const reporter = await loadReporter('text');
  return [...reporter(report, { color: false, width: 100, verbose }, () => undefined)].join('');
}

it('a person is told of ten objects with the same fault, of how many there are, and of each where that is asked for', async () => {
  const many = faultsOf('probes/liveness-probe', 'The container has no livenessProbe.', 1234);
  const few = faultsOf('probes/startup-probe', 'The container has no startupProbe.', 10);
  const report = { ...EMPTY_REPORT, findings: [...many, ...few] };
  const short = await told(report, false);
  expect(short.match(/^error probes\/liveness-probe /gm)).toHaveLength(10);
  expect(short.match(/^error probes\/startup-probe /gm)).toHaveLength(10);
  expect(short).toMatch(/^1,224 more: probes\/liveness-probe: The container has no livenessProbe\.$/m);
  expect(short.match(/ more: /g)).toHaveLength(1);
  expect((await told(report, true)).match(/^error probes\/liveness-probe /gm)).toHaveLength(1234);
});

it('very many applications are counted by their verdicts', async () => {
  const application = (index: number) => ({
    name: `team-${index}`,
    namespace: 'prod',
    subjects: [`Deployment prod/team-${index}`],
    why: 'its label says so',
    summary: { ...EMPTY_REPORT.summary, ...(index < 7 ? { exitCode: 1 as const, verdict: 'not-ready' as const } : {}) },
    items: [],
  });
  const report = { ...EMPTY_REPORT, applications: Array.from({ length: 60 }, (_, index) => application(index)) };
  expect(await told(report, false)).toContain(
    '60 applications: 7 not ready, 53 ready; --app NAME tells of one of them',
  );
  expect(await told(report, true)).toContain('Deployment prod/team-59');
});
