import { UserError } from '../core/errors.ts';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Reads a length of time as Go and kubectl write it, in whole seconds: `90s`, `15m`, `1h30m`. `option` is how a person gave it. */
export function parseDuration(option: string, text: string): number {
  const parts = [...text.matchAll(/(\d{1,6})([smh])/g)];
  const seconds = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (SECONDS[unit] ?? 0), 0);
  if (parts.map(([part]) => part).join('') !== text || seconds === 0)
    throw new UserError(`${option} ${text} is no length of time above zero.`, {
      hint: `Write it as: ${option} 90s, ${option} 15m or ${option} 1h30m.`,
    });
  return seconds;
}
