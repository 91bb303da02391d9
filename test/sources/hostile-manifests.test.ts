import { describe, expect, it } from 'vitest';
import { readManifest } from '../../src/sources/files/manifest.ts';

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
  ['dashes and nothing else', '---\n---\n---\n', 0],
];

describe('a manifest that is odd or hostile', () => {
  it.each(TEXTS)('is read or refused with a sentence within a second: %s', (_, text, objects, said) => {
    const started = performance.now();
    const read = readManifest('a.yaml', text);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(read.objects).toHaveLength(objects);
    expect(read.notSeen).toHaveLength(said === undefined ? 0 : 1);
    if (said !== undefined) expect(read.notSeen[0]?.reason).toMatch(said);
  });
});
