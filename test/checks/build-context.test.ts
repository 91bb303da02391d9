import { describe, expect, it } from 'vitest';
import { isLeftOut } from '../../src/checks/secrets/credential-in-image/build-context.ts';

describe('a .dockerignore', () => {
  it.each<readonly [string, readonly string[], boolean]>([
    ['.env', ['.env'], true],
    ['.env', ['/.env'], true],
    ['.env', ['./.env'], true],
    ['.env', ['**/.env'], true],
    ['.env', ['**'], true],
    ['.env', ['*'], true],
    ['.env', ['.*'], true],
    ['.env', ['*.env'], true],
    ['.env', ['.env*', '!.env.example'], true],
    ['.env', ['.'], true],
    ['config/.env', ['config'], true],
    ['config/.env', ['config/'], true],
    ['config/deep/.env', ['**/.env'], true],
    ['config/deep/.env', ['config/**/.env'], true],
    ['.env', [], false],
    ['.env', ['node_modules', 'dist'], false],
    ['.env', ['config/.env'], false],
    ['.env', ['.env.local'], false],
    ['.env', ['env'], false],
    ['config/.env', ['.env'], false],
    ['config/.env', ['*/'], true],
    ['.env', ['*', '!.env'], false],
    ['.env', ['*', '!.env', '**/.env'], true],
    ['src/index.ts', ['*', '!src'], false],
  ])('on %s says with %j: left out %s', (path, patterns, leftOut) => {
    expect(isLeftOut(path, patterns)).toBe(leftOut);
  });

  it('is read in linear time, whatever its patterns', () => {
    const start = performance.now();
    isLeftOut(`${'a'.repeat(200)}/${'a/'.repeat(100)}`, [`${'*a'.repeat(20)}b`, `${'**/a/'.repeat(20)}b`]);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
