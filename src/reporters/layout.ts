import { columnsOf, cutTo } from './columns.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Control characters could move a terminal's cursor, change its title or turn the order of a line around; what came from input
 * is shown without them, and without halves of surrogate pairs.
 */
export function safe(text: string): string {
  return text.toWellFormed().replace(CONTROLS, '�');
}

/** JSON in which such characters are spelt out: nothing of them is lost, and a terminal that shows the file obeys none. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(CONTROLS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/**
 * Breaks a text at spaces into lines of at most `width` columns; a word that is longer stands alone, unless its script writes no
 * spaces. `taken` columns of the first line belong to what stands before the text: where its first word does not fit behind
 * that, the first line is empty.
 */
export function wrap(text: string, width: number, taken = 0): readonly string[] {
  const shown = safe(text).replaceAll('\t', ' ');
  if (taken + columnsOf(shown) <= width && !shown.includes('\n') && !shown.startsWith(' ')) return [shown];
  const room = Math.max(20, width);
  const lines: string[] = [];
  let used = taken;
  for (const paragraph of shown.split('\n')) {
    let line: string | undefined;
    for (const word of paragraph.split(' ').flatMap((each) => piecesOf(each, room))) {
      const columns = columnsOf(word);
      const isFull = used + (line === undefined ? 0 : 1) + columns > room;
      if (isFull && (line === undefined ? used > 0 : line !== '')) {
        lines.push(line ?? '');
        used = 0;
        line = undefined;
      }
      used += columns + (line === undefined || line === '' ? 0 : 1);
      line = line === undefined || line === '' ? word : `${line} ${word}`;
    }
    lines.push(line ?? '');
    used = 0;
  }
  return lines;
}

/** Chinese and Japanese break between any two characters. */
function piecesOf(word: string, width: number): readonly string[] {
  const columns = columnsOf(word);
  if (columns <= width || columns < word.length * 1.5) return [word];
  const head = cutTo(word, width);
  return [head, ...piecesOf(word.slice(head.length), width)];
}
