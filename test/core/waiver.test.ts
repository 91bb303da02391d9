import { describe, expect, it } from 'vitest';
import { compareWithBaseline } from '../../src/core/baseline.ts';
import type { ReportFinding } from '../../src/core/report.ts';
import { applyWaivers, type Waiver } from '../../src/core/waiver.ts';
import { EMPTY_REPORT } from '../reporters/reports.ts';

const TODAY = new Date('2026-11-23T23:59:00Z');
const DEPLOYMENT = 'Deployment qna container api';

function finding(outcome: ReportFinding['outcome'], subject = DEPLOYMENT): ReportFinding {
  return {
    id: `probes/liveness-probe@files#${subject}`,
    check: 'probes/liveness-probe',
    item: '2.3',
    source: 'files',
    outcome,
    severity: 'error',
    subject,
    message: 'A sentence.',
  };
}

function waiver(change: Partial<Waiver> = {}): Waiver {
  return {
    check: 'probes/liveness-probe',
    reason: 'it has no state',
    owner: 'platform',
    expires: '2026-12-31',
    where: { file: 'qna-ready.config.yaml', line: 2, column: 5 },
    ...change,
  };
}

describe('a waiver', () => {
  it.each<[string, Partial<Waiver>, readonly ReportFinding[], readonly string[]]>([
    ['of a check waives every failure of it', {}, [finding('fail'), finding('fail', 'Job x')], ['waived', 'waived']],
    [
      'of a subject waives that alone',
      { subject: DEPLOYMENT },
      [finding('fail'), finding('fail', 'Job x')],
      ['waived', 'fail'],
    ],
    ['holds on its last day', { expires: '2026-11-23' }, [finding('fail')], ['waived']],
    [
      'waives no unknown',
      {},
      [finding('unknown')],
      ['unknown', 'fail note: Nothing failed probes/liveness-probe in this run.'],
    ],
    [
      'that has expired waives nothing, and says so',
      { expires: '2026-11-22' },
      [finding('fail')],
      ['fail', 'fail warning: It expired on 2026-11-22.'],
    ],
    [
      'that nothing needs says so',
      {},
      [finding('pass')],
      ['pass', 'fail note: Nothing failed probes/liveness-probe in this run.'],
    ],
    [
      'of a subject by another name says which names there are',
      { subject: 'Deployment qna' },
      [finding('fail')],
      ['fail', 'fail warning: Nothing that failed probes/liveness-probe is called Deployment qna.'],
    ],
    [
      'of a check that does not exist says so',
      { check: 'probes/livness' },
      [finding('fail')],
      ['fail', 'fail warning: There is no check probes/livness, so nothing is waived.'],
    ],
    ['of a check that was not asked is not judged', {}, [], []],
  ])('%s', (_, change, findings, expected) => {
    const result = applyWaivers(findings, [waiver(change)], TODAY, (id) => id === 'probes/liveness-probe');
    const said = result.map(({ check, outcome, severity, message }) =>
      check === 'policy/waivers' ? `${outcome} ${severity}: ${message}` : outcome,
    );
    expect(said).toEqual(expected);
    for (const { where } of result.slice(findings.length))
      expect(where).toEqual({ file: 'qna-ready.config.yaml', line: 2, column: 5 });
  });
});

describe('a baseline', () => {
  const baseline = {
    ...EMPTY_REPORT,
    findings: [finding('fail'), finding('fail', 'Job gone'), finding('unknown', 'Job x')],
  };

  it('lets only what it does not have fail, and tells what is gone', () => {
    const now = [finding('fail'), finding('fail', 'Job new'), finding('unknown', 'Job x'), finding('pass', 'Job gone')];
    const { findings, gone } = compareWithBaseline(now, baseline);
    expect(findings.map(({ outcome }) => outcome)).toEqual(['waived', 'fail', 'unknown', 'pass']);
    expect(findings[0]?.waiver).toEqual({ reason: 'It is in the baseline of 2026-11-23.', owner: 'the baseline' });
    expect(gone).toEqual(['probes/liveness-probe@files#Job gone']);
  });

  it('can be saved anew under itself, and forgets only what is gone', () => {
    const first = compareWithBaseline([finding('fail')], baseline);
    const second = compareWithBaseline([finding('fail')], { ...EMPTY_REPORT, findings: first.findings });
    expect([second.findings[0]?.outcome, second.gone]).toEqual(['waived', []]);
  });
});
