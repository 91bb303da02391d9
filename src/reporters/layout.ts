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

/** Breaks a text at spaces into lines of at most `width` columns; a word that is longer stands alone. */
export function wrap(text: string, width: number): readonly string[] {
  const shown = safe(text);
  if (shown.length <= width && !shown.includes('\n') && !shown.startsWith(' ')) return [shown];
  const lines: string[] = [];
  for (const paragraph of shown.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > Math.max(20, width)) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}
