import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/core/mend.ts';
import { editYaml } from '../../src/sources/files/edit-yaml.ts';
import { parseYaml } from '../../src/sources/files/yaml-objects.ts';
import { MANIFESTS } from './mutated-manifests.ts';

const set = (path: string, value: unknown): Change => ({ do: 'set', path: pathOf(path), value });
const append = (path: string, value: string): Change => ({ do: 'append', path: pathOf(path), value });

/** `spec.containers.0.image`. */
function pathOf(path: string): (string | number)[] {
  return path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

const edited = (text: string, change: Change, document = 0) => {
  const result = editYaml(text, { document, change });
  return 'text' in result ? result.text : `refused: ${result.refused}`;
};

describe('a change of a manifest', () => {
  it.each<[name: string, text: string, change: Change, result: string]>([
    [
      'a field behind the others',
      'a: 1 # one\nb:\n  c: 2\nd: 3\n',
      set('b.e', true),
      'a: 1 # one\nb:\n  c: 2\n  e: true\nd: 3\n',
    ],
    [
      'levels that are missing',
      'a:\n  - b: 1\n  - b: 2\n',
      set('a.0.c.d', 'x'),
      'a:\n  - b: 1\n    c:\n      d: x\n  - b: 2\n',
    ],
    ['a scalar in its place', 'a: "old" # why\nb: 1\n', set('a', 'new'), 'a: "new" # why\nb: 1\n'],
    ['a plain scalar', 'a: false\n', set('a', true), 'a: true\n'],
    ['below a key with nothing behind it', 'a: # empty\nb: 1\n', set('a.c', 1), 'a: # empty\n  c: 1\nb: 1\n'],
    ['a flow map', 'a: { b: 1 }\n', set('a.c', false), 'a: { b: 1, c: false }\n'],
    ['an empty flow map', 'a: {}\n', set('a.b.c', 'x'), 'a: { b: { c: x } }\n'],
    ['JSON', '{\n  "a": {\n    "b": 1\n  }\n}\n', set('a.c', 'x'), '{\n  "a": {\n    "b": 1,\n    "c": "x"\n  }\n}\n'],
    [
      'behind a block of text',
      'a:\n  b: |\n    text\n\nc: 1\n',
      set('a.d', 1),
      'a:\n  b: |\n    text\n  d: 1\n\nc: 1\n',
    ],
    ['the end of a file without a line end', 'a:\n  b: 1', set('a.c', 2), 'a:\n  b: 1\n  c: 2'],
    ['lines that end as in Windows', 'a:\r\n  b: 1\r\nc: 1\r\n', set('a.d', 2), 'a:\r\n  b: 1\r\n  d: 2\r\nc: 1\r\n'],
    [
      'a list of a block',
      'a:\n  - x\n  - y # last\nb: 1\n',
      append('a', 'z'),
      'a:\n  - x\n  - y # last\n  - z\nb: 1\n',
    ],
    ['a list on one line', 'a: [x]\n', append('a', 'ALL'), 'a: [x, ALL]\n'],
    ['a list that is missing', 'a:\n  b: 1\n', append('a.drop', 'ALL'), 'a:\n  b: 1\n  drop:\n    - ALL\n'],
    ['what must be a string', 'a: 0777 # mode\n', { do: 'quote', path: ['a'] }, 'a: "0777" # mode\n'],
    ['a name', 'a:\n  replcias: 2\n', { do: 'rename', path: ['a', 'replcias'], to: 'replicas' }, 'a:\n  replicas: 2\n'],
  ])('writes %s', (_, text, change, result) => {
    expect(edited(text, change)).toBe(result);
  });

  it('finds its document among several', () => {
    expect(edited('a: 1\n---\n# two\na: 2\n', set('b', 3), 1)).toBe('a: 1\n---\n# two\na: 2\nb: 3\n');
  });

  it.each<[name: string, text: string, change: Change, why: RegExp]>([
    ['below an anchor', 'a: &x\n  b: 1\nc: *x\n', set('a.d', 1), /anchor/],
    ['below an alias', 'a: &x\n  b: 1\nc: *x\n', set('c.d', 1), /anchor/],
    ['in a place that is no map', 'a: 1\n', set('a.b', 1), /not edited/],
    ['a whole map for a scalar', 'a:\n  b: 1\n', set('a', 1), /not edited/],
    ['a file that is broken', 'a: [\n', set('b', 1), /cannot be read/],
  ])('is refused %s', (_, text, change, why) => {
    expect(edited(text, change)).toMatch(why);
  });

  it('keeps every line of every fixture, save for those that it adds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MANIFESTS), fc.nat(), (text, nth) => {
        const { documents } = parseYaml(text);
        const { index } = documents[nth % Math.max(1, documents.length)] ?? { index: 0 };
        const result = editYaml(text, { document: index, change: set('metadata.labels.added', 'yes-it-is') });
        if (!('text' in result)) return;
        const left = result.text.split('\n');
        for (const line of text
          .split('\n')
          .filter((candidate) => !candidate.includes('metadata:') && !candidate.includes('labels:')))
          expect(left).toContain(line);
        expect(parseYaml(result.text).faults).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
