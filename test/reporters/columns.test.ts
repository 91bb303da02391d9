import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, cutTo, padTo } from '../../src/reporters/columns.ts';
import { wrap } from '../../src/reporters/layout.ts';
import { machineProgram } from '../machine-programs.ts';

const TEXTS: readonly (readonly [text: string, columns: number])[] = [
  ['', 0],
  ['Deployment qna/qna', 18],
  ['Größe', 5],
  ['e\u0301', 1],
  ['日本語', 6],
  ['한국어 텍스트', 13],
  ['ｆｕｌｌ', 8],
  ['ﾊﾝｶｸ', 4],
  ['✔ ✘ ☐ – … │ ›', 13],
  ['⚠', 1],
  ['🚀', 2],
  ['✅', 2],
  ['a\u200bb', 2],
  ['🇩🇪', 2],
];

describe('the columns of a text', () => {
  it.each(TEXTS)('of %j are %i', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  const zsh = machineProgram('zsh');
  it.skipIf(zsh === undefined)('are those that the C library counts', () => {
    const texts = TEXTS.map(([text]) => text).filter((text) => text !== '');
    const count = `for text; do print $\{(m)#text}; done`;
    const { stdout } = spawnSync(zsh ?? '', ['-f', '-c', count, 'zsh', ...texts], {
      encoding: 'utf8',
      env: { LC_ALL: 'C.UTF-8' },
    });
    expect(stdout.trim().split('\n').map(Number)).toEqual(texts.map(columnsOf));
  });

  it('fill a column up and cut a line off, and never half a character', () => {
    expect(padTo('日本', 6)).toBe('日本  ');
    expect(cutTo('日本', 3)).toBe('日');
    expect(cutTo('plain', 3)).toBe('pla');
    expect(cutTo('🚀🚀', 2)).toBe('🚀');
  });
});

describe('a text that is broken into lines', () => {
  const word = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.constantFrom('日本語', '🚀', 'Größe', 'qna-ready'),
  );

  it('is as narrow as it was told to be, wherever a word alone is', () => {
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 40 }),
        fc.integer({ min: 30, max: 200 }),
        fc.nat(29),
        (words, width, taken) => {
          const lines = wrap(words.join(' '), width, taken);
          for (const [nth, line] of lines.entries())
            expect(columnsOf(line) + (nth === 0 ? taken : 0)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('keeps every word, in its order', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9.]{1,12}$/), { maxLength: 40 }), fc.nat(29), (words, taken) => {
        const kept = wrap(words.join(' '), 40, taken).join(' ').split(' ');
        expect(kept.filter((one) => one !== '')).toEqual(words);
      }),
    );
  });

  it('keeps a path in one piece, and breaks a script that writes no spaces', () => {
    const path = `k8s/${'very-long/'.repeat(12)}a.yaml`;
    expect(wrap(`at ${path} it is`, 60)).toEqual(['at', path, 'it is']);
    for (const line of wrap('語'.repeat(100), 60)) expect(columnsOf(line)).toBeLessThanOrEqual(60);
  });
});
