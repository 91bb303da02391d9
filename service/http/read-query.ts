import { Refusal } from './problem.ts';

/** A whole number of the query; undefined where it is not given. */
export function wholeNumber(name: string, given: unknown, min: number, max: number): number | undefined {
  if (given === undefined) return undefined;
  const number = typeof given === 'string' && /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new Refusal('bad-request', { detail: `"${name}" must be a whole number from ${min} to ${max}.` });
}
