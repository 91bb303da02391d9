import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExpositionFormat } from '../../src/prometheus/exposition.ts';
import { LONGEST_LINE } from '../../src/prometheus/limits.ts';
import { parseExposition, readExposition } from '../../src/prometheus/parse-exposition.ts';
import { brokenPage, wellFormedPage } from './generate-pages.ts';

const FORMAT = fc.constantFrom<ExpositionFormat>('text', 'openmetrics');
const CUTS = fc.array(fc.nat(), { maxLength: 12 });

/** The same bytes in pieces, some of them empty. */
function cut<T extends { slice(start: number, end: number): T; readonly length: number }>(
  whole: T,
  cuts: readonly number[],
): readonly T[] {
  const places = [0, ...cuts.map((place) => place % (whole.length + 1)), whole.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => whole.slice(places[index] ?? 0, place));
}

function anyPage(format: ExpositionFormat): fc.Arbitrary<string> {
  return fc.oneof(wellFormedPage(format), brokenPage(format), fc.string({ unit: 'binary', maxLength: 120 }));
}

describe('a page that comes in pieces', () => {
  it('is read as the whole is, wherever it is cut', async () => {
    const page = FORMAT.chain((format) => fc.tuple(fc.constant(format), anyPage(format), CUTS));
    await fc.assert(
      fc.asyncProperty(page, async ([format, text, cuts]) => {
        const whole = parseExposition(text, format);
        expect(await readExposition(cut(text, cuts), format)).toEqual(whole);
        expect(await readExposition([...text], format)).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  it('is read so from bytes too, and those that are no UTF-8 are found in the same place', async () => {
    const bytes = fc
      .tuple(anyPage('text'), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }))
      .map(([text, changes]) => {
        const whole = new TextEncoder().encode(text);
        for (const [at, byte] of changes) if (whole.length > 0) whole[at % whole.length] = byte;
        return whole;
      });
    await fc.assert(
      fc.asyncProperty(bytes, CUTS, async (whole, cuts) => {
        const page = await readExposition([whole], 'text');
        expect(await readExposition(cut(whole, cuts), 'text')).toEqual(page);
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(whole);
        // Where nothing was damaged, bytes are the text that they encode.
        if (!text.includes('\uFFFD')) expect(page).toEqual(parseExposition(text, 'text'));
      }),
      { numRuns: 500 },
    );
  });

  it('says the same of a line that ends in a backslash, whatever follows', async () => {
    const page = await readExposition(['a{b="x\\', '\nb 1\n'], 'text');
    expect(page).toEqual(parseExposition('a{b="x\\\nb 1\n', 'text'));
    expect(page.faults.map(({ code }) => code)).toEqual(['unterminated-label-value']);
  });

  it('loses no line: each is a sample, a fault, or says something of a family', async () => {
    await fc.assert(
      fc.asyncProperty(brokenPage('text'), CUTS, async (text, cuts) => {
        const page = await readExposition(cut(text, cuts), 'text');
        const told = new Set([
          ...page.families.flatMap(({ samples }) => samples.map(({ line }) => line)),
          ...page.faults.map(({ line }) => line),
        ]);
        const silent = text.split('\n').filter((line, index) => !told.has(index + 1) && !/^[ \t]*(?:#|$)/.test(line));
        if (page.faults.every(({ code }) => code !== 'not-an-exposition')) expect(silent).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('may hold the character that stands for damage, where the bytes say so', async () => {
    const page = await readExposition([new TextEncoder().encode('a{b="\uFFFD"} 1\n')], 'text');
    expect(page.faults).toEqual([]);
    expect(page.families[0]?.samples[0]?.labels[0]?.value).toBe('\uFFFD');
  });

  it('tells which byte is no UTF-8, and where it does no harm', async () => {
    const bytes = Uint8Array.from([
      ...Buffer.from('# '),
      0xff,
      ...Buffer.from('\na{b="'),
      0xe2,
      0x82,
      ...Buffer.from('"} 1\n'),
    ]);
    const page = await readExposition(
      [...bytes].map((byte) => Uint8Array.of(byte)),
      'text',
    );
    expect(page.faults.map(({ code, line, column }) => [code, line, column])).toEqual([
      ['not-utf-8-in-comment', 1, 3],
      ['not-utf-8', 2, 6],
    ]);
  });

  it('passes over a line that never ends, and goes on after it', async () => {
    const long = 'x'.repeat(LONGEST_LINE / 2);
    const pieces = ['a 1\n', long, long, long, '\nb 2\n'];
    const page = await readExposition(pieces, 'text');
    expect(page.faults.map(({ code, line }) => [code, line])).toEqual([['line-too-long', 2]]);
    expect(page.families.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(parseExposition(pieces.join(''), 'text')).toEqual(page);
  });

  it('rejects where its pieces do', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'a 1\n';
      throw new Error('the connection was lost');
    }
    await expect(readExposition(broken(), 'text')).rejects.toThrow('the connection was lost');
  });
});

describe('a page beyond the limits', () => {
  const limits = { families: 3, samplesOfFamily: 2, samples: 5, characters: 1000 };

  it('is counted as a whole, and kept up to there', async () => {
    const page = await readExposition(
      ['a', 'b', 'c', 'd', 'e'].map((name) => [1, 2, 3].map((n) => `${name}{n="${n}"} ${n}\n`).join('')),
      'text',
      limits,
    );
    expect(page.families.map(({ name, samples, sampleCount }) => [name, samples.length, sampleCount])).toEqual([
      ['a', 2, 3],
      ['b', 2, 3],
      ['c', 1, 3],
    ]);
    expect([page.sampleCount, page.samplesLeftOut, page.familiesLeftOut]).toEqual([15, 10, 2]);
  });

  it('is counted by families, whatever lines a family has', async () => {
    const family = (name: string) =>
      `# HELP ${name} x\n# TYPE ${name} summary\n${name}{quantile="1"} 1\n${name}_sum 1\n${name}_count 1\n`;
    const page = await readExposition(['a', 'b', 'c', 'd', 'e'].map(family), 'text', limits);
    expect([page.families.length, page.familiesLeftOut]).toEqual([3, 2]);
  });

  it('is bounded by the length of its lines too', async () => {
    const long = 'x'.repeat(400);
    const page = await readExposition(
      [1, 2, 3, 4].map((n) => `a{b="${long}${n}"} 1\n`),
      'text',
      {
        ...limits,
        samplesOfFamily: 9,
      },
    );
    expect([page.sampleCount, page.samplesLeftOut]).toEqual([4, 1]);
    const help = await readExposition([`# HELP a ${'y'.repeat(5000)}\na 1\n`], 'text', limits);
    expect([help.families[0]?.help?.length, help.samplesLeftOut]).toEqual([4096, 1]);
  });

  it('is searched for faulty lines to its end', async () => {
    const page = await readExposition(['a 1\n'.repeat(100), 'a foo\n'], 'text', limits);
    expect(page.faults.map(({ code, line }) => [code, line])).toEqual([['invalid-value', 101]]);
  });
});
