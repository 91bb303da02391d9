import { BRACE_OPEN, endOfMetricName, endOfToken, HASH, skipBlanks } from './characters.ts';
import type { Exemplar, ExpositionFormat, Label } from './exposition.ts';
import { excerpt, type FaultCode } from './faults.ts';
import { type LineFault, readLabels } from './read-labels.ts';
import { readFloat, readMilliseconds } from './read-number.ts';

/** A sample without its place. */
export interface SampleLine {
  readonly name: string;
  readonly labels: readonly Label[];
  readonly value: number;
  readonly timestamp: number | undefined;
  readonly exemplar: Exemplar | undefined;
  readonly oddEscapes: readonly LineFault[];
}

/**
 * Reads one sample between `start` and `end`, blanks around it left out by the caller. `nameBefore` is the previous
 * sample's name: mostly the same one, which need not be cut out again.
 */
export function readSample(
  text: string,
  start: number,
  end: number,
  format: ExpositionFormat,
  nameBefore: string,
): SampleLine | LineFault {
  const nameEnd = endOfMetricName(text, start, end);
  let name =
    nameEnd - start === nameBefore.length && text.startsWith(nameBefore, start)
      ? nameBefore
      : text.slice(start, nameEnd);
  let labels: readonly Label[] = NONE;
  let oddEscapes: readonly LineFault[] = NONE;
  let at = skipBlanks(text, nameEnd, end);
  if (text.charCodeAt(at) === BRACE_OPEN && at < end) {
    const set = readLabels(text, at + 1, end);
    if ('code' in set) return set;
    if (name === '' && set.quotedName === undefined)
      return fault(
        'invalid-metric-name',
        start,
        'A metric name must stand before the labels, or quoted as the first of them.',
      );
    if (name !== '' && set.quotedName !== undefined)
      return fault(
        'invalid-label-name',
        at,
        'A quoted name among the labels is only allowed where none stands before the brace.',
      );
    if (set.quotedName !== undefined) name = set.quotedName;
    labels = set.labels;
    oddEscapes = set.oddEscapes;
    at = set.end;
  } else if (name === '' || at === nameEnd) {
    if (at >= end && name !== '') return fault('missing-value', at, `The sample ${excerpt(name)} has no value.`);
    return fault(
      'invalid-metric-name',
      nameEnd,
      `${excerpt(text.slice(start, endOfToken(text, start, end)))} is not a metric name.`,
    );
  }
  at = skipBlanks(text, at, end);
  if (at >= end) return fault('missing-value', at, `The sample ${excerpt(name)} has no value.`);
  const valueEnd = endOfToken(text, at, end);
  const token = text.slice(at, valueEnd);
  const value = readFloat(token);
  if (value === undefined)
    return fault('invalid-value', at, `${excerpt(token)} is not a number that Prometheus reads.`);
  at = skipBlanks(text, valueEnd, end);
  if (at >= end) return { name, labels, value, timestamp: undefined, exemplar: undefined, oddEscapes };
  return readRest(text, at, end, format, { name, labels, value, oddEscapes });
}

/** What may follow the value: a timestamp, and in OpenMetrics an exemplar. */
function readRest(
  text: string,
  start: number,
  end: number,
  format: ExpositionFormat,
  sample: Pick<SampleLine, 'name' | 'labels' | 'value' | 'oddEscapes'>,
): SampleLine | LineFault {
  let at = start;
  let timestamp: number | undefined;
  if (text.charCodeAt(at) !== HASH) {
    const tokenEnd = endOfToken(text, at, end);
    const token = text.slice(at, tokenEnd);
    timestamp = format === 'text' ? readMilliseconds(token) : finite(readFloat(token));
    if (timestamp === undefined)
      return fault(
        'invalid-timestamp',
        at,
        `${excerpt(token)} is not a timestamp in ${format === 'text' ? 'whole milliseconds' : 'seconds'}.`,
      );
    at = skipBlanks(text, tokenEnd, end);
    if (at >= end) return { ...sample, timestamp, exemplar: undefined };
  }
  if (text.charCodeAt(at) !== HASH)
    return fault(
      'text-after-sample',
      at,
      `After the timestamp nothing may follow, but ${excerpt(text.slice(at, end))} does.`,
    );
  if (format === 'text')
    return fault('exemplar-in-text', at, 'Exemplars are for OpenMetrics; this page is in the text format.');
  const exemplar = readExemplar(text, at, end);
  return 'code' in exemplar ? exemplar : { ...sample, timestamp, exemplar };
}

function readExemplar(text: string, start: number, end: number): Exemplar | LineFault {
  let at = skipBlanks(text, start + 1, end);
  if (text.charCodeAt(at) !== BRACE_OPEN)
    return fault('exemplar-misplaced', at, 'An exemplar starts with its labels in braces.');
  const set = readLabels(text, at + 1, end);
  if ('code' in set) return set;
  at = skipBlanks(text, set.end, end);
  const valueEnd = endOfToken(text, at, end);
  const value = readFloat(text.slice(at, valueEnd));
  if (value === undefined) return fault('invalid-value', at, 'An exemplar needs a number after its labels.');
  at = skipBlanks(text, valueEnd, end);
  if (at >= end) return { labels: set.labels, value, timestamp: undefined };
  const timestamp = finite(readFloat(text.slice(at, end)));
  if (timestamp === undefined)
    return fault('invalid-timestamp', at, 'After the value of an exemplar only a timestamp in seconds may follow.');
  return { labels: set.labels, value, timestamp };
}

const NONE: readonly never[] = [];

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function fault(code: FaultCode, at: number, message: string): LineFault {
  return { code, at, message };
}
