import { endOfToken, HASH, isBlank, RETURN, skipBlanks } from './characters.ts';
import { createChunkDecoder, STRAY_BYTE } from './decode-chunks.ts';
import type { Exposition, ExpositionFormat } from './exposition.ts';
import { addFault, excerpt } from './faults.ts';
import { type ExpositionLimits, LONGEST_LINE } from './limits.ts';
import { createLineCutter } from './line-cutter.ts';
import { familyOfSample, type OpenFamily, type Page } from './page.ts';
import { readMetadata } from './read-metadata.ts';
import { readSample } from './read-sample.ts';

/** Reads a page piece by piece, in memory that does not grow with it once the limits are reached. */
export interface ExpositionReader {
  /** Takes the next piece, cut anywhere; bytes are UTF-8. */
  feed(piece: string | Uint8Array): void;
  /** Reads what is left of the last line, and gives the page. */
  end(): Exposition;
}

/** What the reader knows between two lines. */
interface Progress {
  readonly page: Page;
  /** The family of the last sample that was taken, and that sample's name. */
  current: OpenFamily | undefined;
  currentName: string;
  line: number;
  sampleCount: number;
  kept: number;
  /** `# EOF` was read. */
  ended: boolean;
  /** Something was found after which nothing more is read. */
  closed: boolean;
}

/**
 * Opens a reader for the format. `keep` gives a string that can be kept without the text from which it was cut; where all of
 * the text is kept anyway, that is the string itself.
 */
export function openExposition(
  format: ExpositionFormat,
  limits: ExpositionLimits,
  keep: (cut: string) => string,
): ExpositionReader {
  const page: Page = {
    format,
    families: new Map(),
    familiesLeftOut: 0,
    leftOut: undefined,
    room: limits.characters,
    found: { faults: [], leftOut: 0 },
    limits,
    nameBefore: '',
    labelsBefore: [],
    scratch: [],
    odds: [],
    keep,
  };
  const progress: Progress = {
    page,
    current: undefined,
    currentName: '',
    line: 0,
    sampleCount: 0,
    kept: 0,
    ended: false,
    closed: false,
  };
  const decoder = createChunkDecoder();
  const lines = createLineCutter((text) => readLines(progress, text));
  return {
    feed(piece) {
      if (progress.closed) return;
      // Whoever decoded the text has put U+FFFD where a byte was not UTF-8.
      lines.add(typeof piece === 'string' ? piece.replaceAll('\uFFFD', '\uDCFF') : decoder.decode(piece));
    },
    end() {
      if (!progress.closed) {
        lines.add(decoder.end());
        lines.end();
      }
      return finish(progress);
    },
  };
}

/** Reads whole lines; only the last may lack its line feed, where the page ends with it or it is too long to be read. */
function readLines(progress: Progress, text: string): void {
  // A byte that is no UTF-8 stands in the text as half a character.
  const isSound = text.isWellFormed();
  for (let start = 0; start < text.length && !progress.closed; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    progress.line++;
    if (isSound) readLine(progress, text, start, end, newline === -1);
    else readUnsoundLine(progress, text.slice(start, end), newline === -1);
    start = end + 1;
  }
}

function readUnsoundLine(progress: Progress, text: string, isCut: boolean): void {
  const stray = text.search(STRAY_BYTE);
  if (stray !== -1) {
    // Prometheus looks at the text of a comment no more than anybody else does.
    const isComment = /^[ \t]*#(?![ \t]+(?:HELP|TYPE|UNIT)[ \t])/.test(text);
    const code = isComment ? 'not-utf-8-in-comment' : 'not-utf-8';
    addFault(progress.page.found, code, progress.line, stray + 1, 'A byte here is not UTF-8.');
  }
  readLine(progress, text.toWellFormed(), 0, text.length, isCut);
}

function readLine(progress: Progress, text: string, start: number, end: number, isCut: boolean): void {
  const { page, line } = progress;
  const { found, format } = page;
  if (progress.ended) {
    addFault(found, 'text-after-eof', line, 1, 'Nothing may follow the line # EOF.');
    progress.closed = true;
    return;
  }
  if (line === 1 && looksForeign(text, start, end)) {
    const shown = excerpt(text.slice(start, end));
    addFault(found, 'not-an-exposition', line, 1, `This is no page of metrics: it starts with ${shown}.`);
    progress.closed = true;
    return;
  }
  if (end - start > LONGEST_LINE) {
    const limit = `${LONGEST_LINE >> 20} MiB`;
    addFault(found, 'line-too-long', line, 1, `This line is longer than ${limit} and was not read.`);
    return;
  }
  const at = skipBlanks(text, start, end);
  const isComment = text.charCodeAt(at) === HASH && at < end;
  if (format === 'openmetrics' && at > start && at < end)
    addFault(found, 'misplaced-blank', line, 1, 'OpenMetrics allows no blank at the start of a line.');
  if (end > start && text.charCodeAt(end - 1) === RETURN) {
    const code = isComment ? codeOfReturn(text, at, end) : 'carriage-return';
    const message = 'Lines end in a line feed alone; this one has a carriage return before it.';
    addFault(found, code, line, end - start, message);
    if (code === 'carriage-return-in-comment') readMetadata(page, text, at, end, line, start);
  } else if (at === end) {
    if (format === 'openmetrics') addFault(found, 'blank-line', line, 1, 'OpenMetrics allows no blank line.');
    // Blanks alone are no line that could have been cut off.
    return;
  } else if (isComment) progress.ended = readMetadata(page, text, at, end, line, start);
  else takeSample(progress, text, at, end, start);
  // The end marker needs no line feed.
  if (isCut && !progress.ended)
    addFault(found, 'missing-final-newline', line, end - start + 1, 'The last line does not end in a line feed.');
}

/** In a text that nobody looks into, a carriage return does no harm. */
function codeOfReturn(text: string, start: number, end: number): 'carriage-return' | 'carriage-return-in-comment' {
  return /^#[ \t]+(?:TYPE|UNIT)[ \t]/.test(text.slice(start, end)) ? 'carriage-return' : 'carriage-return-in-comment';
}

function takeSample(progress: Progress, text: string, start: number, lineEnd: number, lineStart: number): void {
  const { page, line } = progress;
  const { found, limits } = page;
  let end = lineEnd;
  while (isBlank(text.charCodeAt(end - 1))) end--;
  if (end < lineEnd) addFault(found, 'trailing-blank', line, lineEnd - lineStart, 'A sample must not end in a blank.');
  const sample = readSample(page, text, start, end, { line, column: start - lineStart + 1 });
  if (page.odds.length > 0) {
    for (const odd of page.odds) addFault(found, odd.code, line, odd.at - lineStart + 1, odd.message);
    page.odds = [];
  }
  if ('code' in sample) {
    addFault(found, sample.code, line, sample.at - lineStart + 1, sample.message);
    return;
  }
  if (start > lineStart && page.format === 'text' && text[start] !== '{')
    addFault(found, 'leading-blank', line, 1, 'Prometheus takes the blank before the name for a part of it.');
  const { current, currentName } = progress;
  const family =
    current !== undefined && sample.name === currentName ? current : familyOfSample(page, sample.name, line);
  progress.currentName = sample.name;
  if (family !== current) {
    if (family.sampleCount > 0)
      addFault(
        found,
        'split-family',
        line,
        start - lineStart + 1,
        `The family ${excerpt(family.name)} began on line ${family.line}, and other families stand between its lines.`,
      );
    progress.current = family;
  }
  family.sampleCount++;
  progress.sampleCount++;
  const hasRoom = progress.kept < limits.samples && page.room > 0;
  if (family.kept && hasRoom && family.samples.length < limits.samplesOfFamily) {
    family.samples.push(sample);
    progress.kept++;
    page.room -= end - start;
  }
}

/** HTML and JSON are what a wrong path answers; one fault says more than one for each of their lines. */
function looksForeign(text: string, start: number, end: number): boolean {
  const at = skipBlanks(text, start, end);
  const token = text.slice(at, Math.min(endOfToken(text, at, end), at + 12));
  return (
    token.startsWith('<') ||
    token.startsWith('[') ||
    /^\{(?:\s|$|"[^"]*":|\})/.test(text.slice(at, Math.min(at + 200, end)))
  );
}

function finish({ page, line, ended, sampleCount, kept }: Progress): Exposition {
  const { format, found, families } = page;
  if (format === 'openmetrics' && !ended)
    addFault(found, 'missing-eof', Math.max(line, 1), 1, 'An OpenMetrics page ends with the line # EOF.');
  return {
    format,
    families: [...families.values()],
    faults: found.faults,
    faultsLeftOut: found.leftOut,
    sampleCount,
    samplesLeftOut: sampleCount - kept,
    familiesLeftOut: page.familiesLeftOut,
  };
}
