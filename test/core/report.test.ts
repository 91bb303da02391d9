import { describe, expect, it } from 'vitest';
import { type Item, stateOf } from '../../src/core/checklist.ts';
import { DEFAULT_POLICY, type ReportFinding, type ReportItem, summarize } from '../../src/core/report.ts';

function finding(outcome: ReportFinding['outcome'], severity: ReportFinding['severity'] = 'error'): ReportFinding {
  return { id: 'x', check: 'a/b', item: '1.1', source: 'files', outcome, severity, subject: 's', message: 'm.' };
}

const unknownItem = { state: 'unknown', findings: [] as readonly string[] } as ReportItem;
const NOTHING_UNSEEN = [{ notSeen: [] }];
const FORBIDDEN = [{ notSeen: [{ what: 'secrets', reason: 'forbidden' }] }];
const BROKEN = [{ notSeen: [{ what: 'a.yaml', reason: 'broken', unusable: true }] }];

describe('the exit code', () => {
  it.each([
    ['0 when all passed', [finding('pass')], [], NOTHING_UNSEEN, {}, 0],
    ['0 when only a note failed', [finding('fail', 'note')], [], NOTHING_UNSEEN, {}, 0],
    ['0 when the failure is waived', [finding('waived')], [], NOTHING_UNSEEN, {}, 0],
    ['1 when an error failed', [finding('fail'), finding('unknown')], [], NOTHING_UNSEEN, {}, 1],
    ['1 when a warning failed', [finding('fail', 'warning')], [], NOTHING_UNSEEN, {}, 1],
    [
      '0 when a warning failed and only errors count',
      [finding('fail', 'warning')],
      [],
      NOTHING_UNSEEN,
      { failOn: 'error' },
      0,
    ],
    ['1 when a note failed and notes count', [finding('fail', 'note')], [], NOTHING_UNSEEN, { failOn: 'note' }, 1],
    ['2 when the input was unreadable, whatever else failed', [finding('fail')], [], BROKEN, {}, 2],
    ['2 when the input was unreadable, whatever is allowed', [finding('pass')], [], BROKEN, { allowUnknown: true }, 2],
    ['3 when something is unknown', [finding('pass'), finding('unknown')], [], NOTHING_UNSEEN, {}, 3],
    ['0 when only a note is unknown', [finding('pass'), finding('unknown', 'note')], [], NOTHING_UNSEEN, {}, 0],
    ['3 when a fact was not seen, though no check needed it', [finding('pass')], [], FORBIDDEN, {}, 3],
    ['3 when an item was proven by nothing', [finding('pass')], [unknownItem], NOTHING_UNSEEN, {}, 3],
    ['0 when the unknown is allowed', [finding('unknown')], [unknownItem], FORBIDDEN, { allowUnknown: true }, 0],
  ] as const)('is %s', (_, findings, items, snapshots, policy, code) => {
    expect(summarize(findings, items, snapshots, { ...DEFAULT_POLICY, ...policy }).exitCode).toBe(code);
  });
});

describe("an item's state", () => {
  const item: Item = { id: '1.1', name: 'n', title: 't', provenBy: { files: ['a/b'] } };

  it.each([
    ['todo', [finding('pass'), finding('fail'), finding('unknown')]],
    ['todo', [finding('fail', 'warning')]],
    ['done', [finding('fail', 'note')]],
    ['unknown', [finding('pass'), finding('unknown')]],
    ['unknown', [finding('pass'), finding('unknown', 'note')]],
    ['done', [finding('pass'), finding('not-applicable')]],
    ['done', [finding('waived')]],
    ['not-applicable', [finding('not-applicable')]],
    ['unknown', []],
  ] as const)('is %s after %j', (state, findings) => {
    expect(stateOf(item, findings)).toBe(state);
  });

  it('is manual where only a person can say', () => {
    expect(stateOf({ ...item, provenBy: {}, manual: 'Was it rehearsed?' }, [])).toBe('manual');
  });
});
