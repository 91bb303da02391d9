/** An expression that cannot be calculated; the message says why, for a model to read. */
export class CalculationError extends Error {
  override readonly name = 'CalculationError';
}

const MAX_LENGTH = 200;
const TOKEN = /\s*(?:(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([a-z][a-z0-9]*)|(\*\*|[-+*/%^(),]))/iy;

const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
]);

const FUNCTIONS: ReadonlyMap<string, (...values: readonly number[]) => number> = new Map([
  ...(['abs', 'ceil', 'cos', 'exp', 'floor', 'log10', 'log2', 'round', 'sin', 'sqrt', 'tan', 'trunc'] as const).map(
    (name) => [name, Math[name]] as const,
  ),
  ['ln', Math.log],
]);
const LISTS: ReadonlyMap<string, (...values: readonly number[]) => number> = new Map([
  ['max', Math.max],
  ['min', Math.min],
]);

/**
 * Calculates an expression of numbers with + - * / % ^, brackets and a few functions. A parser of its own, because the text
 * comes from a model, which may have it from anybody: nothing in it is ever run.
 */
export function calculate(expression: string): number {
  if (expression.length > MAX_LENGTH) throw new CalculationError(`It may have ${MAX_LENGTH} characters at most.`);
  const tokens = tokensOf(expression);
  let next = 0;
  const value = sum();
  if (next < tokens.length) throw unexpected();
  if (!Number.isFinite(value)) throw new CalculationError('The result is no number, or too large for one.');
  // What is behind the fifteenth digit comes from binary fractions, and not from the question.
  return Number(value.toPrecision(15));

  function sum(): number {
    let left = product();
    for (;;) {
      if (take('+')) left += product();
      else if (take('-')) left -= product();
      else return left;
    }
  }

  function product(): number {
    let left = signed();
    for (;;) {
      if (take('*')) left *= signed();
      else if (take('/')) left /= divisor(signed());
      else if (take('%')) left %= divisor(signed());
      else return left;
    }
  }

  /** -2^2 is -4, as in mathematics. */
  function signed(): number {
    if (take('-')) return -signed();
    return take('+') ? signed() : power();
  }

  function power(): number {
    const base = atom();
    return take('^') || take('**') ? base ** signed() : base;
  }

  function atom(): number {
    const token = tokens[next];
    next += 1;
    if (token === '(') return closed(sum());
    if (token === undefined || !/^[\d.a-z]/.test(token)) {
      next -= 1;
      throw unexpected();
    }
    if (!/^[a-z]/.test(token)) return Number(token);
    const constant = CONSTANTS.get(token);
    if (constant !== undefined) return constant;
    const ofOne = FUNCTIONS.get(token);
    const ofMany = LISTS.get(token);
    if (ofOne === undefined && ofMany === undefined) throw new CalculationError(`"${token}" is not known.`);
    if (!take('(')) throw new CalculationError(`"${token}" needs brackets behind it.`);
    const values = [sum()];
    while (ofMany !== undefined && take(',')) values.push(sum());
    return closed((ofOne ?? ofMany)?.(...values) ?? Number.NaN);
  }

  function closed(value: number): number {
    if (!take(')')) throw unexpected();
    return value;
  }

  function take(token: string): boolean {
    if (tokens[next] !== token) return false;
    next += 1;
    return true;
  }

  function unexpected(): CalculationError {
    const token = tokens[next];
    return new CalculationError(token === undefined ? 'It ends too early.' : `"${token}" cannot stand there.`);
  }
}

function divisor(value: number): number {
  if (value === 0) throw new CalculationError('It divides by zero.');
  return value;
}

function tokensOf(expression: string): readonly string[] {
  const tokens: string[] = [];
  const text = expression.trimEnd().toLowerCase();
  TOKEN.lastIndex = 0;
  let read = 0;
  while (read < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) throw new CalculationError(`"${text.slice(read).trim().slice(0, 10)}" cannot be read.`);
    tokens.push(match[1] ?? match[2] ?? match[3] ?? '');
    read = TOKEN.lastIndex;
  }
  return tokens;
}
