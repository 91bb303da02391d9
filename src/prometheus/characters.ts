/** Character classes of the exposition grammar, by UTF-16 code. */
const NAME_START = 1;
const NAME_PART = 2;
const COLON = 4;

const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[a-zA-Z_]/.test(character)) CLASSES[code] = NAME_START | NAME_PART;
  else if (/[0-9]/.test(character)) CLASSES[code] = NAME_PART;
  else if (character === ':') CLASSES[code] = COLON;
}

export const TAB = 9;
export const RETURN = 13;
export const SPACE = 32;
export const QUOTE = 34;
export const HASH = 35;
export const COMMA = 44;
export const EQUALS = 61;
export const BACKSLASH = 92;
export const BRACE_OPEN = 123;
export const BRACE_CLOSE = 125;

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** The end of the metric name that starts at `at`; `at` itself where none does. */
export function endOfMetricName(text: string, at: number, end: number): number {
  if (at >= end || ((CLASSES[text.charCodeAt(at)] ?? 0) & (NAME_START | COLON)) === 0) return at;
  let next = at + 1;
  while (next < end && ((CLASSES[text.charCodeAt(next)] ?? 0) & (NAME_PART | COLON)) !== 0) next++;
  return next;
}

/** The end of the label name that starts at `at`; `at` itself where none does. */
export function endOfLabelName(text: string, at: number, end: number): number {
  if (at >= end || ((CLASSES[text.charCodeAt(at)] ?? 0) & NAME_START) === 0) return at;
  let next = at + 1;
  while (next < end && ((CLASSES[text.charCodeAt(next)] ?? 0) & NAME_PART) !== 0) next++;
  return next;
}

export function skipBlanks(text: string, at: number, end: number): number {
  let next = at;
  while (next < end && isBlank(text.charCodeAt(next))) next++;
  return next;
}

export function endOfToken(text: string, at: number, end: number): number {
  let next = at;
  while (next < end && !isBlank(text.charCodeAt(next))) next++;
  return next;
}
