import { endOfToken, HASH, isBlank, RETURN, skipBlanks } from './characters.ts';
import type { Exposition, ExpositionFormat } from './exposition.ts';
import { addFault, excerpt } from './faults.ts';
import { familyOfSample, type OpenFamily, type Page } from './page.ts';
import { readMetadata } from './read-metadata.ts';
import { readSample } from './read-sample.ts';

/**
 * Reads a page of metrics strictly: Prometheus' text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/)
 * or OpenMetrics 1.0 (https://prometheus.io/docs/specs/om/open_metrics_spec/). Any text can be given: what is no page of
 * metrics comes back as faults, each with its line and column, and reading goes on with the next line.
 */
export function parseExposition(text: string, format: ExpositionFormat): Exposition {
  const page: Page = { text, format, families: new Map(), found: { faults: [], leftOut: 0 } };
  const { found } = page;
  let sampleCount = 0;
  let current: OpenFamily | undefined;
  let nameBefore = '';
  let ended = false;
  let lineNumber = 0;
  for (let start = 0; start < text.length; ) {
    lineNumber++;
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const next = end + 1;
    if (ended) {
      addFault(found, 'text-after-eof', lineNumber, 1, 'Nothing may follow the line # EOF.');
      break;
    }
    if (looksForeign(text, start, lineNumber)) {
      addFault(
        found,
        'not-an-exposition',
        lineNumber,
        1,
        `This is no page of metrics: it starts with ${excerpt(text.slice(start, end))}.`,
      );
      break;
    }
    let at = skipBlanks(text, start, end);
    if (text.charCodeAt(end - 1) === RETURN && end > start) {
      addFault(
        found,
        'carriage-return',
        lineNumber,
        end - start,
        'Lines end in a line feed alone; this one has a carriage return before it.',
      );
      at = end;
    } else if (at === end) {
      if (format === 'openmetrics') addFault(found, 'blank-line', lineNumber, 1, 'OpenMetrics allows no blank line.');
    } else if (text.charCodeAt(at) === HASH) {
      ended = readMetadata(page, at, end, lineNumber, start);
    } else {
      const sample = readSample(text, at, end, format, nameBefore);
      if ('code' in sample) addFault(found, sample.code, lineNumber, sample.at - start + 1, sample.message);
      else {
        if (isBlank(text.charCodeAt(end - 1)))
          addFault(found, 'trailing-blank', lineNumber, end - start, 'A sample must not end in a blank.');
        for (const odd of sample.oddEscapes) addFault(found, odd.code, lineNumber, odd.at - start + 1, odd.message);
        const sameName = current !== undefined && sample.name === nameBefore;
        const family: OpenFamily =
          sameName && current !== undefined ? current : familyOfSample(page, sample.name, lineNumber);
        if (family !== current) {
          if (family.samples.length > 0)
            addFault(
              found,
              'split-family',
              lineNumber,
              at - start + 1,
              `The family ${family.name} began on line ${family.line}, and other families stand between its lines.`,
            );
          current = family;
        }
        const { name, labels, value, timestamp, exemplar } = sample;
        family.samples.push({ name, labels, value, timestamp, exemplar, line: lineNumber, column: at - start + 1 });
        nameBefore = name;
        sampleCount++;
      }
    }
    // Blanks alone are no line that could have been cut off.
    if (newline === -1 && at < end)
      addFault(
        found,
        'missing-final-newline',
        lineNumber,
        end - start + 1,
        'The last line does not end in a line feed.',
      );
    start = next;
  }
  if (format === 'openmetrics' && !ended)
    addFault(found, 'missing-eof', Math.max(lineNumber, 1), 1, 'An OpenMetrics page ends with the line # EOF.');
  if (text.includes('\uFFFD')) addReplacement(page);
  return {
    format,
    families: [...page.families.values()],
    faults: found.faults,
    faultsLeftOut: found.leftOut,
    sampleCount,
  };
}

/** HTML and JSON are what a wrong path answers; one fault says more than one for each of their lines. */
function looksForeign(text: string, start: number, lineNumber: number): boolean {
  if (lineNumber !== 1) return false;
  const at = skipBlanks(text, start, text.length);
  const token = text.slice(at, Math.min(endOfToken(text, at, text.length), at + 12)).toLowerCase();
  return token.startsWith('<') || token.startsWith('[') || /^\{(?:\s|$|"[^"]*":|\})/.test(text.slice(at, at + 200));
}

/** The decoder put U+FFFD where bytes were no UTF-8; Prometheus refuses those. */
function addReplacement(page: Page): void {
  const at = page.text.indexOf('\uFFFD');
  const before = page.text.slice(0, at);
  const line = before.split('\n').length;
  addFault(page.found, 'not-utf-8', line, at - before.lastIndexOf('\n'), 'A byte here is not UTF-8.');
}
