import type { Io, Output } from './io.ts';

/** What the command line says, then FORCE_COLOR and NO_COLOR as their standards say, then what the output is. */
export function hasColor({ isTTY }: Output, wanted: boolean | undefined, env: Io['env']): boolean {
  const forced = env.FORCE_COLOR;
  if (wanted !== undefined) return wanted;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}
