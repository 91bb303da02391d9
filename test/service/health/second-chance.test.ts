import { expect, it } from 'vitest';
import { CHANCE_MS, OUT_MS, withSecondChance } from '../../../service/second-chance.ts';

it('lets a replica that a failing provider keeps out of traffic in again for a while, and out again, until it has recovered', () => {
  let failing = false;
  let now = 1_000;
  const health = withSecondChance(
    () => ({ failing }),
    () => now,
  );
  const after = (ms: number) => {
    now += ms;
    return health().failing;
  };
  expect(after(0)).toBe(false);
  failing = true;
  expect(after(0)).toBe(true);
  expect(after(OUT_MS - 1)).toBe(true);
  expect(after(1)).toBe(false);
  expect(after(CHANCE_MS - 1)).toBe(false);
  expect(after(1)).toBe(true);
  failing = false;
  expect(after(0)).toBe(false);
  failing = true;
  expect(after(OUT_MS - 1)).toBe(true);
});
