import type { Answer } from './answerer.ts';

/** In US dollars, for a million tokens each. */
export interface Prices {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** What an answer cost, to the billionth of a dollar; undefined where nobody told the prices, or what was used. */
export function costOf(
  { offline = false, unmetered = false, usage }: Pick<Answer, 'offline' | 'unmetered' | 'usage'>,
  prices: Prices | undefined,
): number | undefined {
  if (offline) return 0;
  if (prices === undefined || unmetered) return undefined;
  const dollars = (usage.inputTokens * prices.inputPerMillion + usage.outputTokens * prices.outputPerMillion) / 1e6;
  return Number(dollars.toFixed(9));
}

const MOST = 100_000;

/** Reads the prices; both or none, since a cost that holds only half would mislead. */
export function readPrices(
  input: string | undefined,
  output: string | undefined,
  problems: string[],
): Prices | undefined {
  const names = { PRICE_INPUT_PER_MILLION: input, PRICE_OUTPUT_PER_MILLION: output };
  for (const [name, value] of Object.entries(names))
    if (value !== undefined && !(/^\d+(?:\.\d+)?$/.test(value) && Number(value) <= MOST))
      problems.push(`${name} must be a number of dollars from 0 to ${MOST}, such as 0.40.`);
  if (input === undefined && output === undefined) return undefined;
  if (input === undefined || output === undefined)
    problems.push('PRICE_INPUT_PER_MILLION and PRICE_OUTPUT_PER_MILLION must be set together.');
  return { inputPerMillion: Number(input), outputPerMillion: Number(output) };
}
