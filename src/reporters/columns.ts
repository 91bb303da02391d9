/** What stands on the place of the character before it, or on none: marks, joiners, variation selectors. */
const NO_COLUMN = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]$/u;
/**
 * What takes two columns: East Asian Wide and Fullwidth of Unicode's UAX #11, in whole blocks where what is unassigned counts as wide
 * too, and what is shown as a picture unless told otherwise. Letters of flags are one each, as terminals count them.
 */
const TWO_COLUMNS =
  /^(?:[\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u3247\u3250-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1aff0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|(?![\u{1f1e6}-\u{1f1ff}])\p{Emoji_Presentation})$/u;
const PLAIN = /^[\u0020-\u007e]*$/;

/** How many columns of a terminal a text without escapes takes, character by character as `wcwidth` counts. */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfOne(character);
  return columns;
}

/** Fills a text up with spaces, counted in columns. */
export function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** As much of a text as so many columns hold. */
export function cutTo(text: string, columns: number): string {
  if (PLAIN.test(text)) return text.slice(0, Math.max(0, columns));
  let taken = 0;
  let kept = '';
  for (const character of text) {
    taken += columnsOfOne(character);
    if (taken > columns) break;
    kept += character;
  }
  return kept;
}

function columnsOfOne(character: string): number {
  if (character < '\u0300') return 1;
  return NO_COLUMN.test(character) ? 0 : TWO_COLUMNS.test(character) ? 2 : 1;
}
