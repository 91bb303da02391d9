import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES, SEVERITIES } from '../../src/core/check.ts';
import { DEFAULT_POLICY, type ReportFinding, type ReportItem, summarize } from '../../src/core/report.ts';
import { evidenceOf, type Signoff, sealedText, signItems, sourcesOfProofs } from '../../src/core/signoff.ts';

const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const ITEM: ReportItem = {
  id: '4.3',
  name: 'backup-restore',
  title: 'Backups are made.',
  section: '4 Data',
  state: 'unknown',
  findings: [],
};

const VERDICT: ReportFinding = {
  id: 'a',
  check: 'probes/observed',
  item: '2.3',
  source: 'cluster',
  outcome: 'pass',
  severity: 'warning',
  subject: 'Pod prod/qna',
  message: '',
};

const finding = fc.record({
  id: fc.string(),
  check: fc.constantFrom('backup/recent', 'backup/docs'),
  item: fc.constant('4.3'),
  source: fc.constantFrom('files' as const, 'cluster' as const),
  outcome: fc.constantFrom(...OUTCOMES),
  severity: fc.constantFrom(...SEVERITIES),
  subject: fc.constantFrom('CronJob prod/backup', 'StatefulSet prod/postgres'),
  message: fc.string(),
  observed: fc.string(),
});

describe('the evidence of a signature', () => {
  it('is the same in any order, with other ids, measured values and words', () => {
    fc.assert(
      fc.property(fc.array(finding), fc.string(), (proofs, word) => {
        const others = proofs.toReversed().map((one) => ({ ...one, id: word, message: word, observed: word }));
        expect(evidenceOf(ITEM, others)).toBe(evidenceOf(ITEM, proofs));
      }),
    );
  });

  it('is another as soon as a verdict is another, is gone, or is new', () => {
    const one: ReportFinding = {
      id: 'a',
      check: 'backup/recent',
      item: '4.3',
      source: 'cluster',
      outcome: 'unknown',
      severity: 'warning',
      subject: 'CronJob prod/backup',
      message: '',
    };
    const changes: readonly (readonly ReportFinding[])[] = [
      [{ ...one, outcome: 'pass' }],
      [{ ...one, severity: 'error' }],
      [{ ...one, subject: 'CronJob prod/other' }],
      [{ ...one, source: 'files' }],
      [],
      [one, { ...one, check: 'backup/docs' }],
    ];
    const digests = new Set([[one], ...changes].map((proofs) => evidenceOf(ITEM, proofs)));
    expect(digests.size).toBe(changes.length + 1);
  });

  it.each([
    ['Pod prod/qna-7d9f86b5c4-x2x9k container api', 'Pod prod/qna-59fd8b7c66-bcdfg container api'],
    ['Pod prod/agent-x2x9k', 'Pod prod/agent-bcdfg'],
  ])('is the same for %s and %s, which one controller makes', (before, after) => {
    const of = (subject: string) =>
      evidenceOf(ITEM, [
        {
          id: '',
          check: 'probes/observed',
          item: '2.3',
          source: 'cluster',
          outcome: 'pass',
          severity: 'warning',
          subject,
          message: '',
        },
      ]);
    expect(of(before)).toBe(of(after));
    expect(of(before)).not.toBe(of(before.replace('prod/', 'prod/other-')));
  });
});

it('the evidence tells pods apart that no controller has named at random', () => {
  const of = (subject: string) => evidenceOf(ITEM, [{ ...VERDICT, subject }]);
  const names = ['Pod prod/postgres-0', 'Pod prod/postgres-1', 'Pod prod/rag-redis', 'Pod prod/rag-cache'];
  expect(new Set(names.map(of)).size).toBe(names.length);
});

describe('a signature', () => {
  it('lets an unknown finding that it answers for hold nothing up, and no other', () => {
    const unknown = { ...VERDICT, outcome: 'unknown' as const };
    const codeOf = (answered: readonly string[]) =>
      summarize([unknown], [], [], DEFAULT_POLICY, new Set(answered)).exitCode;
    expect([codeOf([]), codeOf(['another']), codeOf([unknown.id])]).toEqual([3, 3, 0]);
  });

  it('settles what nobody could see, answers for its unknown findings, and for none that another open item shares', () => {
    const proofs = ['a', 'b'].map(
      (id): ReportFinding => ({
        id,
        check: `backup/${id}`,
        item: '4.3',
        source: 'cluster',
        outcome: 'unknown',
        severity: 'warning',
        subject: 'CronJob prod/backup',
        message: 'Not seen.',
      }),
    );
    const item = { ...ITEM, findings: ['a', 'b'] };
    const other = { ...ITEM, id: '4.1', findings: ['b'] };
    const told = signItems([item, other], proofs, [signed(item, proofs)], {
      application: undefined,
      today: '2026-12-02',
      digest,
    });
    expect(told.items.map(({ state, signature }) => [state, signature?.state])).toEqual([
      ['done', 'valid'],
      ['unknown', undefined],
    ]);
    expect([...told.answered]).toEqual(['a']);
    expect(told.findings).toEqual([]);
  });

  it('never settles an item that has failed since, whatever the evidence was', () => {
    const item = { ...ITEM, state: 'todo' as const };
    const told = signItems([item], [], [signed(item, [])], { application: undefined, today: '2026-12-02', digest });
    expect(told.items[0]).toMatchObject({ state: 'todo', signature: { state: 'void' } });
    expect(told.findings).toHaveLength(1);
  });

  it('holds on its last day, and not on the day after', () => {
    const on = (today: string) =>
      signItems([ITEM], [], [signed(ITEM, [])], { application: undefined, today, digest }).items[0]?.signature?.state;
    expect([on('2027-01-31'), on('2027-02-01')]).toEqual(['valid', 'expired']);
  });

  it('of one application says nothing of another', () => {
    const told = signItems([ITEM], [], [signed(ITEM, [], 'prod/qna')], {
      application: 'prod/other',
      today: '2026-12-02',
      digest,
    });
    expect(told).toEqual({ items: [ITEM], answered: new Set(), findings: [] });
  });
});

function signed(item: ReportItem, proofs: readonly ReportFinding[], application?: string): Signoff {
  const signoff = {
    item: item.id,
    by: 'Jane Doe',
    note: 'Seen.',
    signedAt: '2026-12-01T08:00:00.000Z',
    until: '2027-01-31',
    state: item.state,
    sources: sourcesOfProofs(proofs),
    ...(application === undefined ? {} : { application }),
    evidence: digest(evidenceOf(item, proofs)),
  };
  return { ...signoff, seal: digest(sealedText(signoff)) };
}
