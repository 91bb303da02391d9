const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
const INTEGER = /^[+-]?[0-9]{1,19}$/;

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
  const value = Number(token);
  return Math.abs(value) < 2 ** 63 ? value : undefined;
}
