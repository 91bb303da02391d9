import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { followPage, isAsShown } from './run-page.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/tutorial.md'), 'utf8');

describe('the tutorial', () => {
  it('shows what its commands print, from the top to the end', () => {
    const commands = followPage(PAGE);
    expect(commands.length).toBeGreaterThan(8);
    for (const { command, expected, printed } of commands)
      if (!isAsShown(expected, printed)) expect(`$ ${command}\n${printed}`).toBe(`$ ${command}\n${expected}`);
  }, 120_000);
});

describe('what a page shows', () => {
  it.each([
    ['a\n…\nd', 'a\nb\nc\nd', true],
    ['a\n…\nd', 'a\nd', true],
    ['until … of it', 'until 2027-01-01 of it', true],
    ['a.c', 'abc', false],
    ['a\n…\nd', 'a\nb\nc', false],
    ['a', 'a\nb', false],
    ['', '', true],
  ])('%j is like %j: %j', (expected, printed, same) => {
    expect(isAsShown(expected, printed)).toBe(same);
  });
});
