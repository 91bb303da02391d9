import { expect, it } from 'vitest';
import type { ReportFinding } from '../../../src/core/report.ts';
import type { FaultResult } from './benchmark.ts';
import { benchmarkPage, type ProbeBenchmark } from './page.ts';

const FINDING: ReportFinding = {
  id: '1',
  check: 'health/live',
  item: '2.1',
  source: 'endpoint',
  outcome: 'fail',
  severity: 'error',
  subject: 'liveness endpoint',
  message: 'GET http://127.0.0.1:40123/qna-ready-0123456789ab took 1103.2 ms.',
  observed: '1 × plain | text (line 5)',
};

const result = (name: string, more: Partial<FaultResult>): FaultResult => ({
  fault: { name, tells: 'It is slow.', item: '2.1', check: 'health/live', says: /took/ },
  verdict: { outcome: 'detected', item: 'todo', told: FINDING, besides: [] },
  skipped: undefined,
  promtool: undefined,
  ...more,
});

const service = { name: 'Express', madeOf: 'Node', start: () => Promise.reject(new Error('not started')) };

const BENCHMARK: ProbeBenchmark = {
  version: '1.0.0',
  promtool: 'promtool 3.15.0',
  topics: [
    {
      name: 'Health',
      results: [
        result('slow', {}),
        result('told-by-evidence', { fault: { ...result('', {}).fault, name: 'told-by-evidence', says: /plain/ } }),
        result('unseen', {
          verdict: { outcome: 'unknown', item: 'unknown', told: { ...FINDING, outcome: 'unknown' }, besides: [] },
        }),
        result('lost', {
          verdict: { outcome: 'missed', item: 'done', told: undefined, besides: [] },
          promtool: 'nothing',
        }),
        result('not-here', { verdict: undefined, skipped: 'nobody may listen on port 443 here (EACCES)' }),
      ],
    },
  ],
  good: [
    { service, remarks: [], skipped: undefined, promtool: 'nothing' },
    { service, remarks: [FINDING], skipped: undefined, promtool: 'nothing' },
    { service, remarks: [], skipped: 'java is not on this machine', promtool: undefined },
  ],
};

it('tells each verdict in the words of the finding, without what differs from run to run', () => {
  const page = benchmarkPage(BENCHMARK);
  expect(page).toContain('GET http://127.0.0.1:PORT/qna-ready-… took N ms.');
  expect(page).toContain('took N ms. (1 × plain \\| text (line 5)) |');
  expect(page).not.toContain('40123');
  expect(page).toMatch(/\| unseen \| It is slow\. \| 2\.1 \| unknown \| `health\/live`, unknown \|/);
  expect(page).toMatch(/\| lost \| It is slow\. \| 2\.1 \| done \| \*\*missed\*\* \|/);
});

it('counts what was told, missed and not run, and leaves nothing out', () => {
  const page = benchmarkPage(BENCHMARK);
  expect(page).toContain('| Health | 5 | 2 | 1 | 1 |');
  expect(page).toContain('told 2 of 4 faults as a failure and 1 more as unknown');
  expect(page).toContain('75.0 % together');
  expect(page).toContain('- *lost*: It is slow.');
  expect(page).toContain('*not-here* could not stand on this machine: nobody may listen on port 443 here (EACCES).');
  expect(page).toContain('heard 1 false alarms');
  expect(page).toContain('not run: java is not on this machine');
});
