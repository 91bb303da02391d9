import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../src/kubernetes/quantity.ts';

describe('parseQuantity', () => {
  it.each([
    ['20Gi', 20 * 2 ** 30],
    ['250m', 0.25],
    ['1.5', 1.5],
    ['.5Mi', 2 ** 19],
    ['5.', 5],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1E', 1e18],
    ['128k', 128_000],
    ['+1Ki', 1024],
    ['100n', 1e-7],
  ])('reads %s', (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 12);
  });

  it.each(['', '20 Gi', '20GB', '20gi', 'Gi', '1,5', '1e', '--1', '1KI', '0x10', '20K', '∞', 'NaN'])(
    'refuses %j, as the API server does',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );

  it('reads a number as itself, and refuses what is none', () => {
    fc.assert(
      fc.property(fc.double(), (number) => {
        expect(parseQuantity(number)).toBe(Number.isFinite(number) ? number : undefined);
      }),
    );
    expect(parseQuantity(undefined)).toBeUndefined();
  });

  it('keeps the order of sizes through every binary suffix', () => {
    const suffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1023 }), fc.nat({ max: 5 }), (count, index) => {
        const [smaller, larger] = [
          parseQuantity(`${count}${suffixes[index]}`),
          parseQuantity(`1${suffixes[index + 1]}`),
        ];
        expect(smaller).toBeLessThan(larger ?? 0);
        expect(parseQuantity(`1024${suffixes[index]}`)).toBe(larger);
      }),
    );
  });

  it('reads a thousand of a unit as one of the next', () => {
    const suffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
    fc.assert(
      fc.property(fc.nat({ max: 8 }), (index) => {
        const next = parseQuantity(`1${suffixes[index + 1]}`) ?? 0;
        expect((parseQuantity(`1000${suffixes[index]}`) ?? 0) / next).toBeCloseTo(1, 9);
      }),
    );
  });

  it('never throws, and never answers with what is no number', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = parseQuantity(text);
        expect(value === undefined || Number.isFinite(value)).toBe(true);
      }),
    );
  });
});
