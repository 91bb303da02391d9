/** A part of a text that says something else when it is decoded. */
export interface EncodedPart {
  readonly index: number;
  readonly length: number;
  readonly decoded: string;
}

/** As long as the shortest key that anybody encodes; shorter runs are words and names. */
const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
/** A value as it stands in a URL or a form. */
const URL_PART = /[^\s"'<>\\?&;,=]+/g;
const PERCENT = /%[0-9A-Fa-f]{2}/;
const MARKS = /\[hidden:[a-z-]+\]/g;
const PRINTABLE = /^[\t\n\r\x20-\x7e]+$/;
/** Somebody who encodes twice does it in a URL. */
const MOST_ROUNDS = 3;

/** The parts of a text that are base64 or percent-encoding of another text; what a mark hides is left out. */
export function encodedParts(text: string): readonly EncodedPart[] {
  return [
    ...parts(text, BASE64, (part) => [fromBase64(part) ?? []].flat()),
    ...(PERCENT.test(text) ? parts(text, URL_PART, fromPercent) : []),
  ];
}

function parts(text: string, form: RegExp, decode: (part: string) => readonly string[]): readonly EncodedPart[] {
  return [...text.matchAll(form)].flatMap(({ 0: part, index }) =>
    decode(part).map((decoded) => ({ index, length: part.length, decoded })),
  );
}

/** The text that stands behind base64; undefined where there is none. */
export function fromBase64(part: string): string | undefined {
  try {
    const decoded = atob(part.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
    return PRINTABLE.test(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
}

/** What it says after each round of decoding: what is once too often decoded is no URL any more. */
function fromPercent(part: string): readonly string[] {
  if (!PERCENT.test(part)) return [];
  const rounds: string[] = [];
  let decoded = part.replace(MARKS, '');
  try {
    while (rounds.length < MOST_ROUNDS && PERCENT.test(decoded)) {
      decoded = decodeURIComponent(decoded);
      rounds.push(decoded);
    }
  } catch {
    // What was decoded before the broken part counts.
  }
  return rounds;
}
