import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelSelector } from '../../src/core/objects.ts';
import { matchesSelector } from '../../src/kubernetes/label-selector.ts';
import { formatLabelSelector, readLabelSelector } from '../../src/kubernetes/label-selector-text.ts';

/** `in` and `notin` are keys like any other, where a key stands. */
const key = fc.constantFrom('app', 'tier', 'in', 'notin', 'app.kubernetes.io/name');
const value = fc.constantFrom('qna', 'web', 'in', 'v1.2_3', '');
const expression = fc.oneof(
  fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values: fc.array(value, { minLength: 1, maxLength: 3 }) }),
  fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);
const selector = fc.array(expression, { minLength: 1, maxLength: 4 }).map((matchExpressions) => ({ matchExpressions }));
const labels = fc.dictionary(key, value);

function read(text: string): LabelSelector {
  const result = readLabelSelector(text);
  if ('fault' in result) throw new Error(`${text}: ${result.fault.message}`);
  return result.selector;
}

describe('readLabelSelector', () => {
  it.each([
    ['a=b', { a: 'b' }, { a: 'c' }],
    ['a==b', { a: 'b' }, {}],
    ['a!=b', {}, { a: 'b' }],
    ['a', { a: '' }, { b: '' }],
    ['!a', { b: '' }, { a: 'x' }],
    [' e in ( x , y ) ', { e: 'y' }, { e: 'z' }],
    ['e notin (x,y)', {}, { e: 'x' }],
    ['a=', { a: '' }, { a: 'b' }],
    ['a=b,c!=d,e in (x,y),!f', { a: 'b', e: 'x' }, { a: 'b', e: 'x', f: '1' }],
    ['in in (in)', { in: 'in' }, { in: 'out' }],
    ['app.kubernetes.io/name=qna', { 'app.kubernetes.io/name': 'qna' }, {}],
  ] as const)('takes %s as kubectl does', (text, matching, other) => {
    expect(matchesSelector(read(text), matching)).toBe(true);
    expect(matchesSelector(read(text), other)).toBe(false);
  });

  it('reads what was written of a selector to the same selector', () => {
    fc.assert(
      fc.property(selector, (written) => {
        expect(read(formatLabelSelector(written))).toEqual(written);
      }),
    );
  });

  it('means by a text what the object means that was written, for every set of labels', () => {
    fc.assert(
      fc.property(selector, labels, labels, (written, equal, own) => {
        const whole = { ...written, matchLabels: equal };
        expect(matchesSelector(read(formatLabelSelector(whole)), own)).toBe(matchesSelector(whole, own));
      }),
    );
  });

  it('does not care for spaces', () => {
    fc.assert(
      fc.property(selector, fc.constantFrom(' ', '  ', '\t'), (written, space) => {
        const text = formatLabelSelector(written).replace(/[(),]/g, (mark) => `${space}${mark}${space}`);
        expect(read(text)).toEqual(written);
      }),
    );
  });

  it.each([
    ['', 1, 'the key of a label was expected, and not the end'],
    ['a=b,', 5, 'the key of a label was expected, and not the end'],
    ['=b', 1, 'the key of a label was expected, and not ='],
    ['a in b', 6, '( was expected, and not b'],
    ['a in (b', 8, ', or ) was expected, and not the end'],
    ['a in (b c)', 9, ', or ) was expected, and not c'],
    ['a=b c=d', 5, 'a comma or the end was expected, and not c'],
    ['a b', 3, '=, !=, in, notin or a comma was expected, and not b'],
    ['a>1', 2, 'labels are compared for equality only'],
    ['a=b,UPPER.Example/x=1', 5, 'UPPER.Example/x is no key of a label'],
    ['a=-b', 3, '-b is no value of a label'],
    ['a==(b)', 4, 'a value was expected, and not ('],
  ] as const)('refuses %j, and says where and how it is written', (text, column, message) => {
    const result = readLabelSelector(text);
    expect(result).toMatchObject({ fault: { column, message: expect.stringContaining(message) } });
    expect('fault' in result && result.fault.hint).toMatch(/\.$/);
  });

  it('answers with a selector or a fault within the text, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', '=', '!', '(', ')', ',', ' ', 'in') })),
        (text) => {
          const result = readLabelSelector(text);
          if ('selector' in result) {
            expect(read(formatLabelSelector(result.selector))).toEqual(result.selector);
          } else {
            expect(result.fault.column).toBeGreaterThanOrEqual(1);
            expect(result.fault.column).toBeLessThanOrEqual(text.length + 1);
          }
        },
      ),
    );
  });
});
