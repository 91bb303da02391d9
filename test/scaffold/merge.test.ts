import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTexts } from '../../src/scaffold/merge.ts';

const BASE = 'a\nb\nc\nd\n';

describe('a three-way merge', () => {
  it.each([
    ['edits of lines far apart', 'A\nb\nc\nd\n', 'a\nb\nc\nD\n', 'A\nb\nc\nD\n'],
    ['edits of lines beside each other', 'a\nB\nc\nd\n', 'a\nb\nC\nd\n', 'a\nB\nC\nd\n'],
    ['a line added below one that was edited', 'a\nB\nc\nd\n', 'a\nb\nnew\nc\nd\n', 'a\nB\nnew\nc\nd\n'],
    ['a line added above one that was edited', 'a\nb\nmine\nc\nd\n', 'a\nb\nC\nd\n', 'a\nb\nmine\nC\nd\n'],
    ['a line taken away and another edited', 'a\nc\nd\n', 'a\nb\nc\nD\n', 'a\nc\nD\n'],
    ['the same edit on both sides', 'a\nX\nc\nd\n', 'a\nX\nc\nd\n', 'a\nX\nc\nd\n'],
    ['no new line at the end', 'a\nb\nc\nd', 'A\nb\nc\nd\n', 'A\nb\nc\nd'],
  ])('takes %s', (_what, theirs, ours, merged) => {
    expect(mergeTexts(BASE, theirs, ours)).toEqual({ text: merged, conflicts: [] });
  });

  it('leaves a line that both changed as the person wrote it, and says where', () => {
    expect(mergeTexts(BASE, 'a\nmine\nc\nd\n', 'top\na\nnew\nc\nD\n')).toEqual({
      text: 'top\na\nmine\nc\nD\n',
      conflicts: [{ line: 3, yours: ['mine'], new: ['new'] }],
    });
  });

  it('never loses a line that a person wrote, nor writes one that nobody wrote', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', ''), { maxLength: 8 }).map((all) => all.join('\n'));
    fc.assert(
      fc.property(lines, lines, lines, (base, theirs, ours) => {
        const { text } = mergeTexts(base, theirs, ours);
        const [before, written] = [theirs.split('\n'), text.split('\n')];
        const added = before.filter((line) => !base.split('\n').includes(line) && !ours.split('\n').includes(line));
        for (const line of added) expect(written).toContain(line);
        const known = new Set([...before, ...ours.split('\n')]);
        for (const line of written) expect(known).toContain(line);
        expect(mergeTexts(base, theirs, base).text).toBe(theirs);
        expect(mergeTexts(base, base, ours).text).toBe(ours);
      }),
      { numRuns: 2000 },
    );
  });
});
