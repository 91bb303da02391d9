import { BRACE_OPEN, endOfMetricName, endOfToken, HASH, isBlank, SPACE, skipBlanks } from './characters.ts';
import type { Exemplar, ExpositionFormat, Label, Sample } from './exposition.ts';
import type { FaultCode } from './fault-meanings.ts';
import { excerpt, type LineFault } from './faults.ts';
import type { Page } from './page.ts';
import { readLabels } from './read-labels.ts';
import { readFloat, readMilliseconds, readNumber } from './read-number.ts';

/** Where a sample stands. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Reads one sample between `start` and `end`, with no blank before it and, in the text format, none after it. What is odd in it
 * is added to the page's odds.
 */
export function readSample(page: Page, text: string, start: number, end: number, place: Place): Sample | LineFault {
  const { nameBefore, format } = page;
  const nameEnd = endOfMetricName(text, start, end);
  let name =
    nameEnd - start === nameBefore.length && text.startsWith(nameBefore, start)
      ? nameBefore
      : page.keep(text.slice(start, nameEnd));
  let labels: readonly Label[] = NONE;
  let at = format === 'text' ? skipBlanks(text, nameEnd, end) : nameEnd;
  if (text.charCodeAt(at) === BRACE_OPEN && at < end) {
    const set = readLabels(page, text, at + 1, end);
    if ('code' in set) return set;
    if (name === '' && set.quotedName === undefined)
      return fault(
        'missing-metric-name',
        start,
        'A metric name must stand before the labels, or quoted as the first of them.',
      );
    if (name !== '' && set.quotedName !== undefined)
      return fault(
        'second-metric-name',
        at,
        'A quoted name among the labels is only allowed where none stands before the brace.',
      );
    if (set.quotedName !== undefined) name = page.keep(set.quotedName);
    labels = set.labels;
    page.labelsBefore = set.plain ? labels : NONE;
    at = set.end;
  } else if (name === '' || (at === nameEnd && at < end && !isBlank(text.charCodeAt(at)))) {
    const token = text.slice(start, endOfToken(text, start, end));
    // Prometheus ends a name where it must, so that `a-5` is the sample `a` with the value -5.
    if (name === '' || format === 'openmetrics' || readFloat(token.slice(name.length)) === undefined)
      return fault('invalid-metric-name', nameEnd, `${excerpt(token)} is not a metric name.`);
    page.odds.push(fault('missing-blank', nameEnd, `Prometheus reads ${excerpt(token)} as a name and a value.`));
  }
  page.nameBefore = name;
  at = afterBlank(text, at, end, format);
  if (at < 0) return misplacedBlank(-1 - at);
  if (at >= end) return fault('missing-value', at, `The sample ${excerpt(name)} has no value.`);
  const valueEnd = endOfToken(text, at, end);
  const value = readNumber(text, at, valueEnd);
  if (value === undefined)
    return fault('invalid-value', at, `${excerpt(text.slice(at, valueEnd))} is not a number that Prometheus reads.`);
  const { line, column } = place;
  if (valueEnd >= end) return { name, labels, value, timestamp: undefined, exemplar: undefined, line, column };
  const rest = readRest(page, text, valueEnd, end);
  return 'code' in rest
    ? rest
    : { name, labels, value, timestamp: rest.timestamp, exemplar: rest.exemplar, line, column };
}

/** What may follow the value: a timestamp, and in OpenMetrics an exemplar. */
function readRest(
  page: Page,
  text: string,
  start: number,
  end: number,
): Pick<Sample, 'timestamp' | 'exemplar'> | LineFault {
  const { format } = page;
  let timestamp: number | undefined;
  let at = afterBlank(text, start, end, format);
  if (at < 0) return misplacedBlank(-1 - at);
  if (at >= end) return { timestamp, exemplar: undefined };
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
    if (format === 'text' && /^[+-]/.test(token))
      page.odds.push(fault('signed-timestamp', at, `Prometheus reads no sign before a timestamp, as in ${token}.`));
    if (tokenEnd >= end) return { timestamp, exemplar: undefined };
    at = afterBlank(text, tokenEnd, end, format);
    if (at < 0) return misplacedBlank(-1 - at);
    if (at >= end) return { timestamp, exemplar: undefined };
  }
  if (text.charCodeAt(at) !== HASH)
    return fault(
      'text-after-sample',
      at,
      `After the timestamp nothing may follow, but ${excerpt(text.slice(at, end))} does.`,
    );
  if (format === 'text')
    return fault('exemplar-in-text', at, 'Exemplars are for OpenMetrics; this page is in the text format.');
  const exemplar = readExemplar(page, text, at, end);
  return 'code' in exemplar ? exemplar : { timestamp, exemplar };
}

function readExemplar(page: Page, text: string, start: number, end: number): Exemplar | LineFault {
  if (!text.startsWith(' {', start + 1) || start + 2 >= end)
    return fault('malformed-exemplar', start, 'An exemplar starts with one blank and its labels in braces.');
  // Its labels have nothing to do with those of the sample before.
  const { labelsBefore } = page;
  page.labelsBefore = NONE;
  const set = readLabels(page, text, start + 3, end);
  page.labelsBefore = labelsBefore;
  if ('code' in set) return set;
  if (set.quotedName !== undefined)
    return fault('malformed-exemplar', start, `An exemplar has no name, but ${excerpt(set.quotedName)} is one.`);
  let at = afterBlank(text, set.end, end, 'openmetrics');
  if (at < 0) return misplacedBlank(-1 - at);
  const valueEnd = endOfToken(text, at, end);
  const value = readFloat(text.slice(at, valueEnd));
  if (value === undefined) return fault('malformed-exemplar', at, 'An exemplar needs a number after its labels.');
  if (valueEnd >= end) return { labels: set.labels, value, timestamp: undefined };
  at = afterBlank(text, valueEnd, end, 'openmetrics');
  if (at < 0) return misplacedBlank(-1 - at);
  const timestamp = finite(readFloat(text.slice(at, end)));
  if (timestamp === undefined)
    return fault('malformed-exemplar', at, 'After the value of an exemplar only a timestamp in seconds may follow.');
  return { labels: set.labels, value, timestamp };
}

/**
 * Where the next part of a line starts: after any blanks in the text format, after just one space in OpenMetrics. Where that is
 * not so, -1 minus the place, so that nothing has to be made for each part of each line.
 */
function afterBlank(text: string, at: number, end: number, format: ExpositionFormat): number {
  if (format === 'text') return skipBlanks(text, at, end);
  if (at >= end) return at;
  if (text.charCodeAt(at) !== SPACE) return -1 - at;
  const next = at + 1;
  return next >= end || isBlank(text.charCodeAt(next)) ? -1 - next : next;
}

function misplacedBlank(at: number): LineFault {
  return fault('misplaced-blank', at, 'OpenMetrics wants exactly one space between the parts of a sample.');
}

const NONE: readonly never[] = [];

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function fault(code: FaultCode, at: number, message: string): LineFault {
  return { code, at, message };
}
