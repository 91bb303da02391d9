import { endOfMetricName, endOfToken, isBlank, QUOTE, skipBlanks } from './characters.ts';
import type { MetricType } from './exposition.ts';
import { addFault, excerpt } from './faults.ts';
import { openFamily, type Page } from './page.ts';
import { type LineFault, readQuoted } from './read-labels.ts';

const TEXT_TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);
const OPENMETRICS_TYPES: ReadonlySet<string> = new Set([
  'counter',
  'gauge',
  'histogram',
  'summary',
  'unknown',
  'info',
  'stateset',
  'gaugehistogram',
]);

/** Reads a line that starts with `#`; true where it is the end marker of OpenMetrics. */
export function readMetadata(page: Page, start: number, end: number, line: number, lineStart: number): boolean {
  const { text, format, found } = page;
  const fault = (code: LineFault['code'], at: number, message: string) =>
    addFault(found, code, line, at - lineStart + 1, message);
  const openMetrics = format === 'openmetrics';
  if (openMetrics && text.slice(start, end) === '# EOF') return true;
  let at = skipBlanks(text, start + 1, end);
  const keywordEnd = endOfToken(text, at, end);
  const keyword = text.slice(at, keywordEnd);
  if (keyword !== 'HELP' && keyword !== 'TYPE' && !(openMetrics && keyword === 'UNIT')) {
    if (openMetrics)
      fault('unexpected-comment', start, 'OpenMetrics allows no comment beside TYPE, UNIT, HELP and EOF.');
    return false;
  }
  at = skipBlanks(text, keywordEnd, end);
  if (at >= end) {
    if (openMetrics) fault('incomplete-metadata', at, `After ${keyword} a metric name must follow.`);
    return false;
  }
  const named = readName(page, at, end);
  if ('code' in named) {
    fault(named.code, named.at, named.message);
    return false;
  }
  at = skipBlanks(text, named.end, end);
  const rest = text.slice(at, end);
  if (rest === '' && (keyword !== 'HELP' || openMetrics)) {
    // promtool lets this pass, the parser of a scrape does not.
    if (keyword === 'TYPE') fault('missing-type', at, `The TYPE line of ${excerpt(named.value)} names no type.`);
    return false;
  }
  const family = openFamily(page, named.value, line);
  if (keyword === 'HELP') {
    if ((family.help ?? '') !== '')
      fault('second-help', start, `The family ${excerpt(family.name)} has a second HELP line.`);
    else family.help = unescapeHelp(rest);
  } else if (keyword === 'UNIT') {
    if (family.unit !== undefined)
      fault('second-unit', start, `The family ${excerpt(family.name)} has a second UNIT line.`);
    else if (!family.name.endsWith(`_${rest}`))
      fault('unit-not-in-name', at, `The unit ${excerpt(rest)} must be the end of the name ${excerpt(family.name)}.`);
    family.unit = rest;
  } else {
    const type = rest.trimEnd();
    if (!(openMetrics ? OPENMETRICS_TYPES : TEXT_TYPES).has(type))
      fault('unknown-type', at, `${excerpt(type)} is not a metric type; write it in lower case.`);
    else if (family.typed) fault('second-type', start, `The family ${excerpt(family.name)} has a second TYPE line.`);
    else {
      if (family.samples.length > 0)
        fault('type-after-samples', start, `The TYPE line of ${excerpt(family.name)} comes after its first sample.`);
      family.type = type === 'unknown' ? 'untyped' : (type as MetricType);
      family.typed = true;
    }
  }
  return false;
}

/** A name, bare or quoted, with a blank or the end of the line after it. */
function readName(
  page: Page,
  start: number,
  end: number,
): { readonly value: string; readonly end: number } | LineFault {
  const { text } = page;
  if (text.charCodeAt(start) === QUOTE) return readQuoted(text, start, end, []);
  const nameEnd = endOfMetricName(text, start, end);
  if (nameEnd === start || (nameEnd < end && !isBlank(text.charCodeAt(nameEnd)))) {
    const token = text.slice(start, endOfToken(text, start, end));
    return { code: 'invalid-metric-name', at: start, message: `${excerpt(token)} is not a metric name.` };
  }
  return { value: text.slice(start, nameEnd), end: nameEnd };
}

function unescapeHelp(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\\n])/g, (_, escaped) => (escaped === 'n' ? '\n' : '\\')) : text;
}
