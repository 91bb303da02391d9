import { describe, expect, it } from 'vitest';
import { podCount } from '../../src/kubernetes/replicas.ts';

describe('a number of pods', () => {
  it.each<readonly [number | string | undefined, number, 'up' | 'down', number | undefined]>([
    [1, 3, 'up', 1],
    ['1', 3, 'up', 1],
    ['25%', 3, 'up', 1],
    ['25%', 3, 'down', 0],
    ['50%', 4, 'up', 2],
    ['100%', 2, 'down', 2],
    ['0%', 2, 'up', 0],
    ['half', 4, 'up', undefined],
    ['-1', 4, 'up', undefined],
    [undefined, 4, 'up', undefined],
  ])('that is written %j of %i, rounded %s, is %s', (written, total, round, count) => {
    expect(podCount(written, total, round)).toBe(count);
  });
});
