import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';

const ROOT = join(import.meta.dirname, '../..');

/** Every fixture of the checks that is a manifest. */
export const MANIFESTS = globSync('src/checks/**/fixtures/**/*.yaml', { cwd: ROOT })
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
/** One of them, with up to four wounds. */
export const mutated = fc
  .record({ manifest: fc.constantFrom(...MANIFESTS), mutations: fc.array(mutation, { maxLength: 4 }) })
  .map(({ manifest, mutations }) =>
    mutations.reduce((text, { at, cut, put }) => {
      const start = Math.floor(at * text.length);
      return text.slice(0, start) + put + text.slice(start + cut);
    }, manifest),
  );

/** More of them, and another seed, for a longer look: FUZZ_RUNS=100000 FUZZ_SEED=7. */
export const RUNS = Number(process.env.FUZZ_RUNS ?? 1500);
export const SEED = process.env.FUZZ_SEED === undefined ? Date.now() : Number(process.env.FUZZ_SEED);
