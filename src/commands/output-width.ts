import type { Io, Output } from './io.ts';

/** Where nobody says how wide an output is. */
export const DEFAULT_WIDTH = 100;
/** Words cannot be told in less. */
const LEAST_WIDTH = 40;

/** The columns of an output: those of its terminal, otherwise those of COLUMNS. */
export function outputWidth({ columns }: Output, env: Io['env']): number {
  const said = Number(env.COLUMNS);
  return Math.max(LEAST_WIDTH, columns || (Number.isInteger(said) && said > 0 ? said : DEFAULT_WIDTH));
}
