import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderYaml } from '../../src/scaffold/render-yaml.ts';
import { readYaml } from './scaffolded.ts';

const TEMPLATE = `# The head of \${name}.
plain: \${value}
quoted: "\${value}"
within: before-\${value}-after
list:
  # Why this one.
  - \${value} # and beside it
block: |
  first
  \${value}
`;

const AMBIGUOUS = [
  'yes',
  'on',
  'n',
  'NO',
  'y',
  'null',
  '~',
  '',
  '0777',
  '1_000',
  '12:30:45',
  '1e3',
  '.inf',
  '2026-11-23',
];

describe('rendering a template of YAML', () => {
  it.each(AMBIGUOUS)('writes the string %j so that YAML 1.1 reads it as that string', (value) => {
    const [object] = readYaml(renderYaml(TEMPLATE, { value, name: 'qna' }, 'test'));
    expect(object.plain).toBe(value);
    expect(object.quoted).toBe(value);
    expect(object.list).toEqual([value]);
  });

  it('keeps the type of a value that stands alone, and makes a quoted one a string', () => {
    const [object] = readYaml(renderYaml(TEMPLATE, { value: 8080, name: 'qna' }, 'test'));
    expect(object).toMatchObject({ plain: 8080, quoted: '8080', within: 'before-8080-after' });
  });

  it('keeps every comment', () => {
    const text = renderYaml(TEMPLATE, { value: 'x', name: 'qna' }, 'test');
    for (const comment of ['# The head of qna.', '# Why this one.', '# and beside it']) expect(text).toContain(comment);
  });

  it('lets no value become anything but the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        // YAML cannot carry lone surrogates and most control characters unescaped; the writer escapes what it can.
        const value = raw.replace(/[\uD800-\uDFFF]/gu, '');
        const [object, ...more] = readYaml(renderYaml(TEMPLATE, { value, name: value }, 'test'));
        expect(more).toEqual([]);
        expect(Object.keys(object)).toEqual(['plain', 'quoted', 'within', 'list', 'block']);
        expect(object.quoted).toBe(value);
        expect(object.plain).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('drops an entry whose condition does not hold, with its comments, and keeps the others', () => {
    const template = `a: 1
# Why b.
# qna:if wanted
b: 2
list:
  - one
  # qna:if wanted
  - two
`;
    expect(renderYaml(template, { wanted: false }, 'test')).toBe('a: 1\nlist:\n  - one\n');
    expect(renderYaml(template, { wanted: true }, 'test')).toBe('a: 1\n# Why b.\nb: 2\nlist:\n  - one\n  - two\n');
  });

  it('refuses a variable that nobody gives', () => {
    expect(() => renderYaml('a: $'.concat('{missing}\n'), {}, 'test')).toThrow(/missing/);
    expect(() => renderYaml('a: 1\n# qna:if missing\nb: 2\n', {}, 'test')).toThrow(/missing/);
  });

  it('drops a first entry as well, of a map and of a list', () => {
    const template = 'a:\n  # qna:if x\n  b: 2\n  c: 3\nlist:\n  # qna:if x\n  - one\n  - two\n';
    expect(renderYaml(template, { x: false }, 'test')).toBe('a:\n  c: 3\nlist:\n  - two\n');
    expect(renderYaml(template, { x: true }, 'test')).toBe('a:\n  b: 2\n  c: 3\nlist:\n  - one\n  - two\n');
  });

  it('drops a document whose condition does not hold, wherever it stands', () => {
    const template = '# qna:if x\n# One.\na: 1\n---\n# qna:if y\n# Two.\na: 2\n---\n# qna:if x\n# Three.\na: 3\n';
    expect(renderYaml(template, { x: true, y: false }, 'test')).toBe('# One.\na: 1\n---\n# Three.\na: 3\n');
    expect(renderYaml(template, { x: false, y: true }, 'test')).toBe('# Two.\na: 2\n');
  });
});
