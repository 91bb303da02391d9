const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const INTEGER = /^[+-]?[0-9]{1,19}$/;
const ZERO = 48;

/** The number between two places of a text. Whole numbers, which most are, are read without cutting them out. */
export function readNumber(text: string, start: number, end: number): number | undefined {
  // Up to 2^53 the sum of the digits is exact.
  if (end - start > 15) return readFloat(text.slice(start, end));
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return readFloat(text.slice(start, end));
    value = value * 10 + digit;
  }
  return start === end ? undefined : value;
}

/**
 * Reads a value as Go's ParseFloat does for Prometheus: decimal, `NaN`, `Inf` in any case. Hexadecimal numbers, digit
 * separators and numbers beyond the range of a double are refused there, and so here. Undefined where it is no number.
 */
export function readFloat(token: string): number | undefined {
  if (DECIMAL.test(token)) {
    const value = Number(token);
    return Number.isFinite(value) ? value : undefined;
  }
  if (INFINITE.test(token)) return token.startsWith('-') ? -Infinity : Infinity;
  return token.length === 3 && token.toLowerCase() === 'nan' ? Number.NaN : undefined;
}

/** Reads a 64-bit integer of milliseconds; digits beyond 2^53 are rounded. */
export function readMilliseconds(token: string): number | undefined {
  if (!INTEGER.test(token)) return undefined;
  const value = BigInt(token.startsWith('+') ? token.slice(1) : token);
  return value === BigInt.asIntN(64, value) ? Number(value) : undefined;
}
