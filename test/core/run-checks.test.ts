import { describe, expect, it } from 'vitest';
import { defineCheck } from '../../src/core/check.ts';
import type { Snapshot } from '../../src/core/facts.ts';
import { runChecks, selectChecks } from '../../src/core/run-checks.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';

const PROSE = { title: 't', severity: 'error', why: '', how: '', fix: '', verify: '', references: [] } as const;

const services = defineCheck({
  ...PROSE,
  id: 'a/services',
  needs: ['services'],
  evaluate: (facts) => facts.services.map(({ ref }) => ({ outcome: 'pass', subject: ref, message: 'Seen.' })),
});
const broken = defineCheck({
  ...PROSE,
  id: 'a/broken',
  needs: ['services'],
  evaluate: () => {
    throw new TypeError('spec is undefined');
  },
});

function snapshot(facts: Snapshot['facts']): Snapshot {
  return { source: 'cluster', target: 'context staging', facts, notSeen: [] };
}

const resource = {
  object: { kind: 'Service' },
  ref: 'Service qna',
  locate: () => ({ object: 'Service qna', path: '' }),
};

describe('runChecks', () => {
  it('gives a check the facts that it needs', () => {
    const [judgement] = runChecks(
      [services],
      [snapshot({ services: { seen: true, value: [resource] } })],
      DEFAULT_SETTINGS,
    );
    expect(judgement).toMatchObject({ outcome: 'pass', subject: 'Service qna' });
  });

  it('makes a check unknown, with the reason, where a fact could not be seen', () => {
    const [judgement] = runChecks(
      [services],
      [snapshot({ services: { seen: false, reason: 'services is forbidden' } })],
      DEFAULT_SETTINGS,
    );
    expect(judgement).toMatchObject({ outcome: 'unknown', message: expect.stringContaining('services is forbidden') });
  });

  it('adds an unknown where a fact was seen in part, and keeps what was judged', () => {
    const observed = { seen: true, value: [resource], incomplete: 'page 2 was refused' } as const;
    const outcomes = [...runChecks([services], [snapshot({ services: observed })], DEFAULT_SETTINGS)].map(
      ({ outcome }) => outcome,
    );
    expect(outcomes).toEqual(['pass', 'unknown']);
  });

  it('makes a check that throws unknown, and goes on with the others', () => {
    const judgements = [
      ...runChecks([broken, services], [snapshot({ services: { seen: true, value: [resource] } })], DEFAULT_SETTINGS),
    ];
    expect(judgements.map(({ outcome }) => outcome)).toEqual(['unknown', 'pass']);
    expect(judgements[0]?.message).toContain('spec is undefined');
  });

  it('does not ask a source that cannot answer', () => {
    expect([...runChecks([services], [snapshot({})], DEFAULT_SETTINGS)]).toEqual([]);
    expect([
      ...runChecks(
        [{ ...services, only: ['files'] }],
        [snapshot({ services: { seen: true, value: [resource] } })],
        DEFAULT_SETTINGS,
      ),
    ]).toEqual([]);
  });
});

describe('selectChecks', () => {
  const itemsOf = () => ['4.1'];

  it.each([
    [{ only: ['a/services'], skip: [] }, ['a/services']],
    [{ only: ['a'], skip: ['a/broken'] }, ['a/services']],
    [{ only: ['4.1'], skip: [] }, ['a/services', 'a/broken']],
    [{ only: [], skip: ['a'] }, []],
  ])('chooses by check, topic and item: %j', (selection, expected) => {
    expect(selectChecks([services, broken], selection, itemsOf).checks.map(({ id }) => id)).toEqual(expected);
  });

  it('names what matches nothing, so that a misspelt name is not a silent pass', () => {
    expect(selectChecks([services], { only: ['probez'], skip: ['b'] }, itemsOf).unmatched).toEqual(['probez', 'b']);
  });
});
