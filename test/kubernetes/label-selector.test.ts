import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelSelector } from '../../src/core/objects.ts';
import { matchesSelector, matchesServiceSelector, sameNamespace } from '../../src/kubernetes/label-selector.ts';

/** Few keys and values, so that they meet often; `constructor` is what an object carries without being asked. */
const key = fc.constantFrom('app', 'tier', 'constructor', 'app.kubernetes.io/name');
const value = fc.constantFrom('qna', 'web', 'worker', '');
const labels = fc.dictionary(key, value);
const expression = fc.record({
  key,
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.array(value, { maxLength: 3 }),
});
const selector: fc.Arbitrary<LabelSelector> = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 3 }) },
  { requiredKeys: [] },
);

describe('matchesSelector', () => {
  it('matches nothing where it is absent, and everything where it is empty', () => {
    fc.assert(
      fc.property(labels, (own) => {
        expect(matchesSelector(undefined, own)).toBe(false);
        expect(matchesSelector(null, own)).toBe(false);
        expect(matchesSelector({}, own)).toBe(true);
        expect(matchesSelector({ matchLabels: {}, matchExpressions: [] }, own)).toBe(true);
      }),
    );
  });

  it('takes matchLabels as expressions with one value', () => {
    fc.assert(
      fc.property(labels, labels, (wanted, own) => {
        const asExpressions = Object.entries(wanted).map(([name, only]) => ({
          key: name,
          operator: 'In',
          values: [only],
        }));
        expect(matchesSelector({ matchLabels: wanted }, own)).toBe(
          matchesSelector({ matchExpressions: asExpressions }, own),
        );
      }),
    );
  });

  it('holds where both of its halves hold', () => {
    fc.assert(
      fc.property(selector, selector, labels, (a, b, own) => {
        const both = { matchExpressions: [...asList(a), ...asList(b)] };
        expect(matchesSelector(both, own)).toBe(matchesSelector(a, own) && matchesSelector(b, own));
      }),
    );
  });

  it('answers the opposite to the opposite operator', () => {
    const opposite: Readonly<Record<string, string>> = {
      In: 'NotIn',
      NotIn: 'In',
      Exists: 'DoesNotExist',
      DoesNotExist: 'Exists',
    };
    fc.assert(
      fc.property(expression, labels, (asked, own) => {
        const turned = { ...asked, operator: opposite[asked.operator] ?? '' };
        expect(matchesSelector({ matchExpressions: [asked] }, own)).toBe(
          !matchesSelector({ matchExpressions: [turned] }, own),
        );
      }),
    );
  });

  it('matches nothing with an operator that does not exist', () => {
    expect(
      matchesSelector({ matchExpressions: [{ key: 'app', operator: 'Equals', values: ['qna'] }] }, { app: 'qna' }),
    ).toBe(false);
  });
});

describe('matchesServiceSelector', () => {
  it('selects nothing where it is empty or absent', () => {
    fc.assert(
      fc.property(labels, (own) => {
        expect(matchesServiceSelector({}, own)).toBe(false);
        expect(matchesServiceSelector(undefined, own)).toBe(false);
        expect(matchesServiceSelector(null, own)).toBe(false);
      }),
    );
  });

  it('agrees with matchLabels where it says anything', () => {
    fc.assert(
      fc.property(labels, labels, (wanted, own) => {
        fc.pre(Object.keys(wanted).length > 0);
        expect(matchesServiceSelector(wanted, own)).toBe(matchesSelector({ matchLabels: wanted }, own));
      }),
    );
  });

  it('still matches when the pod has more labels, and not when it lacks one', () => {
    fc.assert(
      fc.property(labels, labels, (wanted, more) => {
        fc.pre(Object.keys(wanted).length > 0);
        expect(matchesServiceSelector(wanted, { ...more, ...wanted })).toBe(true);
        const { [Object.keys(wanted)[0] ?? '']: _gone, ...fewer } = wanted;
        expect(matchesServiceSelector(wanted, fewer)).toBe(false);
      }),
    );
  });
});

describe('sameNamespace', () => {
  it('is symmetric, and takes an absent namespace for the same', () => {
    const object = fc.record({ metadata: fc.record({ namespace: fc.constantFrom('a', 'b') }, { requiredKeys: [] }) });
    fc.assert(
      fc.property(object, object, (a, b) => {
        expect(sameNamespace(a, b)).toBe(sameNamespace(b, a));
        if (a.metadata.namespace === undefined) expect(sameNamespace(a, b)).toBe(true);
      }),
    );
  });
});

function asList({ matchLabels, matchExpressions }: LabelSelector): NonNullable<LabelSelector['matchExpressions']> {
  return [
    ...Object.entries(matchLabels ?? {}).map(([name, only]) => ({ key: name, operator: 'In', values: [only] })),
    ...(matchExpressions ?? []),
  ];
}
