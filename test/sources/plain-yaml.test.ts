import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Path } from '../../src/core/location.ts';
import { readPlainYaml } from '../../src/sources/files/plain-yaml.ts';
import {
  locateInAnyYaml,
  locateInYaml,
  parseAnyYaml,
  parseYaml,
  resolvePlain,
} from '../../src/sources/files/yaml-objects.ts';

const ROOT = join(import.meta.dirname, '../..');
/** More of them, and another seed, for a longer look: PLAIN_YAML_RUNS=100000 PLAIN_YAML_SEED=7. */
const RUNS = Number(process.env.PLAIN_YAML_RUNS ?? 1500);
const SEED = process.env.PLAIN_YAML_SEED === undefined ? Date.now() : Number(process.env.PLAIN_YAML_SEED);

const MANIFESTS = globSync('src/checks/**/fixtures/**/*.yaml', { cwd: ROOT })
  .toSorted()
  .map((file) => readFileSync(join(ROOT, file), 'utf8'));

/** What a hand or a merge does to a manifest, and what YAML finds odd. */
const SNIPPETS = [
  '\n',
  ' ',
  '  ',
  '    ',
  '- ',
  '-',
  ':',
  ': ',
  ' #',
  '# c\n',
  '"',
  "'",
  "''",
  '\\',
  '\\n',
  '|',
  '|-\n',
  '|\n',
  '|+\n',
  '>',
  '>-\n',
  '{',
  '}',
  '[',
  ']',
  ', ',
  ',',
  '&a ',
  '*a',
  '!!str ',
  '!',
  '%',
  '@',
  '`',
  '?',
  '? ',
  '~',
  'null',
  'yes',
  'on',
  'No',
  '0777',
  '0o17',
  '0x1F',
  '1_000',
  '12:30:45',
  '1e3',
  '.5',
  '.inf',
  '.NaN',
  '-0',
  '+1',
  '2024-01-01',
  '<<: ',
  '<<',
  '---\n',
  '--- ',
  '...\n',
  '\t',
  '\r\n',
  '\ufeff',
  '\0',
  '\u0085',
  '\u2028',
  '\ud83d',
  'é',
  '😀',
  '__proto__: 1\n',
  'constructor: 1\n',
  'a: 1\n',
  '  a: 1\n',
  '"k": v\n',
  '- - a\n',
  '- a: 1\n',
  '{a: 1, b: [x, "y"]}',
  '{a}',
  '{a:1}',
  '[a: 1]',
  'a:b',
  'http://x:80/',
  "it's",
  'a # b',
  'a#b',
  'k:\n',
  '- \n',
];
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(40)),
  put: fc.oneof(fc.constantFrom(...SNIPPETS), fc.constant(''), fc.string({ maxLength: 3 })),
});
const mutated = fc
  .record({ manifest: fc.constantFrom(...MANIFESTS), mutations: fc.array(mutation, { maxLength: 4 }) })
  .map(({ manifest, mutations }) =>
    mutations.reduce((text, { at, cut, put }) => {
      const start = Math.floor(at * text.length);
      return text.slice(0, start) + put + text.slice(start + cut);
    }, manifest),
  );

describe('the reader of plain YAML', () => {
  it('reads nearly all real manifests itself', () => {
    const read = MANIFESTS.filter((text) => readPlainYaml(text, resolvePlain) !== undefined);
    expect(MANIFESTS.length).toBeGreaterThan(300);
    expect(read.length / MANIFESTS.length).toBeGreaterThan(0.95);
  });

  it(`gives the values and the places that the full parser gives, or nothing (seed ${SEED})`, {
    timeout: 3_600_000,
  }, () => {
    fc.assert(fc.property(mutated, expectSame), { numRuns: RUNS, seed: SEED });
  });
});

function expectSame(text: string): void {
  if (readPlainYaml(text, resolvePlain) === undefined) return;
  const full = parseAnyYaml(text);
  const { documents, faults } = parseYaml(text);
  expect({ documents, faults }).toStrictEqual(full);
  const [plainly, fully] = [locateInYaml(text), locateInAnyYaml(text)];
  for (const { value, index } of full.documents)
    for (const path of pathsOf(value, []))
      expect({ path, ...plainly(index, path) }).toEqual({ path, ...fully(index, path) });
}

/** Every path of a value, and beside each one that is not there. */
function pathsOf(value: unknown, path: Path): readonly Path[] {
  const parts: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value ?? {});
  const inside = typeof value === 'object' ? parts.flatMap(([step, part]) => pathsOf(part, [...path, step])) : [];
  return [path, [...path, 'absent'], ...inside];
}
