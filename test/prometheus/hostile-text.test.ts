import { describe, expect, it } from 'vitest';
import { leaksIn } from '../../src/checks/health/leak/leaks.ts';
import { maskSecrets } from '../../src/core/secret-text.ts';
import { checkStructure } from '../../src/prometheus/check-structure.ts';
import { checkNaming } from '../../src/prometheus/naming-rules.ts';
import { parseExposition, readExposition } from '../../src/prometheus/parse-exposition.ts';

/** What a server could send to keep a reader busy: half a megabyte of almost-matches. */
const UNITS = [
  'a',
  ' ',
  '\n',
  'sk-',
  'eyJaaaaaaaa-',
  'eyJaaaaaaaa.',
  'http://a:',
  'bearer ',
  '-----BEGIN PRIVATE KEY-----',
  'password=',
  '\nat a',
  '\nat a(:1:1',
  'a-',
  'a.a-',
  ' /app/',
  'relation "',
  '"',
  '{',
  'a{',
  'a=","',
  '\\',
  '[hidden:',
  '_seconds',
  '#',
  '10.1.',
  'x@x.',
];

describe('half a megabyte of almost-matches', () => {
  it.each(UNITS)('of %j is read in a moment', (unit) => {
    const text = unit.repeat(Math.ceil(500_000 / unit.length));
    const started = performance.now();
    maskSecrets(text);
    leaksIn(text);
    for (const page of [text, `a{b="${text.replaceAll(/["\n\\]/g, '')}"} 1\n`]) {
      const exposition = parseExposition(page, 'text');
      checkStructure(exposition);
      checkNaming(exposition);
    }
    expect(performance.now() - started).toBeLessThan(4000);
  });

  it.each([0xff, 0xe2, 0x80])('of the byte %i, which is no UTF-8, is read in a moment', async (byte) => {
    const started = performance.now();
    const page = await readExposition([new Uint8Array(500_000).fill(byte)], 'text');
    expect(page.faults[0]?.code).toBe('not-utf-8');
    expect(performance.now() - started).toBeLessThan(4000);
  });

  it('of labels in one line is read in a moment', () => {
    const started = performance.now();
    const labels = Array.from({ length: 60_000 }, (_, index) => `l${index}="x"`).join(',');
    const others = labels.replaceAll('l', 'm');
    const mixed = `${labels.slice(0, labels.indexOf(',l40='))},${others}`;
    const page = parseExposition(`a{${labels}} 1\na{${mixed}} 1\na{${labels}} 1\na{${labels},l5="y"} 1\n`, 'text');
    checkStructure(page);
    expect(page.faults.map(({ code, line }) => [code, line])).toEqual([['duplicate-label', 4]]);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
