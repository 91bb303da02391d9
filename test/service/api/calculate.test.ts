import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CalculationError, calculate } from '../../../service/answering/calculate.ts';

describe('the calculator', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['2 ** -1', 0.5],
    ['10 % 4 - -1', 3],
    ['8 / 2 / 2', 2],
    ['0.1 + 0.2', 0.3],
    ['1.5e3 + .5', 1500.5],
    ['sqrt(16) + max(1, 2, 3) - min(4, 2)', 5],
    ['round(ln(e) * 100) / 100', 1],
    ['COS(PI)', -1],
  ])('finds that %s is %d', (expression, value) => {
    expect(calculate(expression)).toBe(value);
  });

  it.each([
    ['', 'ends too early'],
    ['1 +', 'ends too early'],
    ['(1', 'ends too early'],
    ['1 2', '"2" cannot stand there'],
    ['* 1', '"*" cannot stand there'],
    ['sqrt 2', 'needs brackets'],
    ['sqrt(1, 2)', '"," cannot stand there'],
    ['1 / 0', 'divides by zero'],
    ['9^9^9', 'too large'],
    ['sqrt(-1)', 'no number'],
    ['process.exit(1)', 'cannot be read'],
    ['process(1)', '"process" is not known'],
    ['constructor(1)', '"constructor" is not known'],
    ['toString(1)', '"tostring" is not known'],
    ['require("fs")', 'cannot be read'],
    ['1; 2', 'cannot be read'],
    ['('.repeat(300), '200 characters'],
  ])('says of %j that it %s', (expression, reason) => {
    expect(() => calculate(expression)).toThrow(new RegExp(reason.replaceAll(/[*"]/g, '\\$&')));
  });

  it('agrees with JavaScript on whatever is made of sums, products and brackets', () => {
    const expression = fc.letrec<{ all: string }>((tie) => ({
      all: fc.oneof(
        { maxDepth: 4 },
        fc.nat(99).map(String),
        fc.tuple(tie('all'), fc.constantFrom('+', '-', '*'), tie('all')).map((parts) => `(${parts.join(' ')})`),
        tie('all').map((inner) => `-${inner}`),
      ),
    })).all;
    fc.assert(
      fc.property(expression, (text) => {
        fc.pre(text.length <= 200 && !text.includes('--'));
        // Only digits, brackets and + - * can be in it.
        expect(calculate(text) + 0).toBe(Number((new Function(`return ${text}`)() as number).toPrecision(15)) + 0);
      }),
    );
  });

  it('ends with a number or with a sentence, whatever it is given', () => {
    const pieces = fc.constantFrom(...'0123456789.+-*/%^(), epi', 'sqrt(', 'max(', '1e', '__proto__');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            expect(Number.isFinite(calculate(text))).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(CalculationError);
          }
        },
      ),
    );
  });
});
