import { describe, expect, it } from 'vitest';
import { readManifest } from '../../src/sources/files/manifest.ts';
import { decode } from '../../src/sources/files/read-text.ts';

const OBJECT = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';
const bomb = `a0: &a0 [x]\n${Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}]`).join('\n')}\n`;

/** By name: the text, the number of objects that it holds, and what is said of it where it holds none. */
const TEXTS: readonly (readonly [name: string, text: string, objects: number, said?: RegExp])[] = [
  ['an alias bomb', `${OBJECT}${bomb}`, 0, /alias/i],
  ['a scalar of 10 MB', `${OBJECT}data: { a: "${'x'.repeat(10_000_000)}" }\n`, 1],
  ['a tab for indentation', `${OBJECT}data:\n\ta: b\n`, 0, /tab/i],
  ['a byte order mark', `\ufeff${OBJECT}`, 1],
  ['carriage returns', OBJECT.replaceAll('\n', '\r\n'), 1],
  ['half a surrogate pair', `${OBJECT}data: { a: "\ud83d" }\n`, 1],
  ['10,000 brackets', `${OBJECT}data: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`, 0, /nested more than 500 levels/],
  ['10,000 brackets that nobody closes', `${OBJECT}data: ${'['.repeat(10_000)}`, 0, /nested more than 500 levels/],
  [
    '3,000 levels of indentation',
    `${OBJECT}data:\n${Array.from({ length: 3000 }, (_, n) => `${' '.repeat(n + 1)}a:\n`).join('')}`,
    0,
    /nested more than 500 levels/,
  ],
  ['a list that contains itself', `${OBJECT}data: &a [*a]\n`, 0, /contains itself/],
  ['a map that is merged into itself', `${OBJECT}data: &a\n  <<: *a\n`, 0, /alias/i],
  ['a bell', `${OBJECT}data: { a: "\u0007" }\n`, 0, /control character/],
  ['a zero byte', `${OBJECT}a: \0\n`, 0, /control character/],
  ['an escaped zero byte', `${OBJECT}data: { a: "\\0" }\n`, 1],
  ['two entries of one name', `${OBJECT}data: { a: b }\ndata: { c: d }\n`, 0, /unique/],
  ['20,000 documents', `${OBJECT}---\n`.repeat(20_000), 20_000],
  ['dashes and nothing else', '---\n---\n---\n', 0],
];

describe('a manifest that is odd or hostile', () => {
  it.for(TEXTS)('is read or refused with a sentence: %s', ([, text, objects, said]) => {
    const read = readManifest('a.yaml', text);
    expect(read.objects).toHaveLength(objects);
    expect(read.notSeen).toHaveLength(said === undefined ? 0 : 1);
    if (said !== undefined) expect(read.notSeen[0]?.reason).toMatch(said);
  });
});

describe('JSON that is odd or hostile', () => {
  it.each([
    [
      'deep',
      `{"apiVersion":"v1","kind":"ConfigMap","data":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      /nested more than 500/,
    ],
    ['cut off', '{"apiVersion":"v1","kind":"ConfigMap"', /not valid JSON/],
    ['empty', '', /not valid JSON/],
  ])('is refused with a sentence: %s', (_, text, said) => {
    const { objects, notSeen } = readManifest('a.json', text);
    expect(objects).toEqual([]);
    expect(notSeen.map(({ reason }) => reason)).toEqual([expect.stringMatching(said)]);
  });
});

describe('a file that is no UTF-8', () => {
  it.each([
    ['Latin-1', Buffer.from('kind: caf\u00e9\n', 'latin1'), /not valid UTF-8/],
    ['UTF-16', Buffer.from('kind: Pod\n', 'utf16le'), /UTF-16/],
  ])('is refused with a sentence: %s', (_, bytes, said) => {
    expect(decode(bytes)).toEqual({ ok: false, reason: expect.stringMatching(said) });
  });
});
