import { endOfMetricName, endOfToken, isBlank, QUOTE, SPACE, skipBlanks } from './characters.ts';
import type { MetricType } from './exposition.ts';
import type { FaultCode } from './fault-meanings.ts';
import { addFault, excerpt, type LineFault } from './faults.ts';
import { LONGEST_HELP } from './limits.ts';
import { type OpenFamily, openFamily, type Page } from './page.ts';
import { readQuoted } from './read-labels.ts';

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

/** What promtool takes for a type of the text format, beside the five: any case, and backslashes that it passes over. */
const MISSPELT = /^(?:counter|gauge|histogram|summary|untyped|gauge_?histogram)$/i;

/** Reads a line whose first character, at `start`, is `#`; true where it is the end marker of OpenMetrics. */
export function readMetadata(
  page: Page,
  text: string,
  start: number,
  end: number,
  line: number,
  lineStart: number,
): boolean {
  const openMetrics = page.format === 'openmetrics';
  if (openMetrics && end - start === 5 && text.startsWith('# EOF', start)) return true;
  const fault = (code: FaultCode, at: number, message: string) =>
    addFault(page.found, code, line, at - lineStart + 1, message);
  const keywordAt = openMetrics ? start + 2 : skipBlanks(text, start + 1, end);
  const keywordEnd = endOfToken(text, keywordAt, end);
  const keyword = text.slice(keywordAt, keywordEnd);
  const known = keyword === 'HELP' || keyword === 'TYPE' || (openMetrics && keyword === 'UNIT');
  // Without a blank after the sign it is a comment, whatever follows.
  if (!known || !isBlank(text.charCodeAt(start + 1)) || (openMetrics && text.charCodeAt(start + 1) !== SPACE)) {
    if (openMetrics)
      fault('unexpected-comment', start, 'OpenMetrics allows no comment beside TYPE, UNIT, HELP and EOF.');
    else if (known && keywordEnd < end)
      fault('missing-blank-after-sign', start + 1, `Without a blank before ${keyword} the line is a comment.`);
    return false;
  }
  // And a keyword with nothing at all after it is one in the text format.
  if (keywordEnd >= end && !openMetrics) return false;
  const nameAt = openMetrics ? keywordEnd + 1 : skipBlanks(text, keywordEnd, end);
  if (nameAt >= end || (openMetrics && text.charCodeAt(keywordEnd) !== SPACE)) {
    fault('incomplete-metadata', Math.min(nameAt, end), `After ${keyword} a metric name must follow.`);
    return false;
  }
  const named = readName(page, text, nameAt, end, keyword);
  for (const odd of page.odds) fault(odd.code, odd.at, odd.message);
  page.odds = [];
  if ('code' in named) {
    fault(named.code, named.at, named.message);
    return false;
  }
  if (openMetrics && text.charCodeAt(named.end) !== SPACE) {
    fault('incomplete-metadata', named.end, `After the name in a ${keyword} line one space and a text must follow.`);
    return false;
  }
  const restAt = openMetrics ? named.end + 1 : skipBlanks(text, named.end, end);
  const rest = text.slice(restAt, end);
  if (rest === '' && keyword === 'TYPE') {
    fault('missing-type', restAt, `The TYPE line of ${excerpt(named.value)} names no type.`);
    return false;
  }
  const family = openFamily(page, named.value, line);
  if (openMetrics && keyword !== 'TYPE' && family.sampleCount > 0)
    fault(
      'metadata-after-samples',
      start,
      `The ${keyword} line of ${excerpt(family.name)} comes after its first sample.`,
    );
  if (keyword === 'HELP') readHelp(page, family, text, restAt, end, fault, start);
  else if (keyword === 'UNIT') readUnit(family, rest, fault, restAt, start);
  else {
    if (!openMetrics && restAt > named.end + 1 && TEXT_TYPES.has(rest))
      fault(
        'blank-before-type',
        named.end + 1,
        `Prometheus wants one blank before the type, not ${restAt - named.end}.`,
      );
    readType(page, family, rest, fault, restAt, start);
  }
  return false;
}

type Report = (code: FaultCode, at: number, message: string) => void;

function readHelp(
  page: Page,
  family: OpenFamily,
  text: string,
  start: number,
  end: number,
  fault: Report,
  lineAt: number,
): void {
  if (start === end) {
    family.help ??= '';
    return;
  }
  if ((family.help ?? '') !== '') {
    fault('second-help', lineAt, `The family ${excerpt(family.name)} has a second HELP line.`);
    return;
  }
  const help = text.slice(start, end);
  const odd = oddEscape(help);
  if (odd !== -1) fault('invalid-escape', start + odd, 'This escape does not exist: \\\\ and \\n do.');
  const kept = unescapeHelp(help, page.format === 'openmetrics').slice(0, LONGEST_HELP);
  if (family.kept) page.room -= kept.length;
  family.help = page.keep(kept);
}

/** Where a backslash stands that escapes nothing in a help text; -1 where none does. */
function oddEscape(text: string): number {
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at + 2))
    if (!ESCAPED.includes(text[at + 1] ?? ' ')) return at;
  return -1;
}

const ESCAPED = '\\n"';

function readUnit(family: OpenFamily, unit: string, fault: Report, at: number, lineAt: number): void {
  if (family.unit !== undefined)
    fault('second-unit', lineAt, `The family ${excerpt(family.name)} has a second UNIT line.`);
  if (unit !== '' && !family.name.endsWith(`_${unit}`))
    fault('unit-not-in-name', at, `The unit ${excerpt(unit)} must be the end of the name ${excerpt(family.name)}.`);
  family.unit ??= unit;
}

function readType(page: Page, family: OpenFamily, type: string, fault: Report, at: number, lineAt: number): void {
  const known = page.format === 'openmetrics' ? OPENMETRICS_TYPES : TEXT_TYPES;
  if (!known.has(type)) {
    const misspelt = page.format === 'text' && MISSPELT.test(type.replaceAll('\\', ''));
    fault(
      misspelt ? 'misspelt-type' : 'unknown-type',
      at,
      `${excerpt(type)} is not a metric type; write it in lower case, with nothing after it.`,
    );
  } else if (family.typed) fault('second-type', lineAt, `The family ${excerpt(family.name)} has a second TYPE line.`);
  else {
    if (family.sampleCount > 0)
      fault('type-after-samples', lineAt, `The TYPE line of ${excerpt(family.name)} comes after its first sample.`);
    family.type = type === 'unknown' ? 'untyped' : (type as MetricType);
    family.typed = true;
  }
}

/** A name, bare or quoted, with a blank or the end of the line after it. */
function readName(
  page: Page,
  text: string,
  start: number,
  end: number,
  keyword: string,
): { readonly value: string; readonly end: number } | LineFault {
  const quoted = text.charCodeAt(start) === QUOTE ? readQuoted(page, text, start, end, 'unterminated-name') : undefined;
  if (quoted !== undefined && 'code' in quoted) return quoted;
  const nameEnd = quoted?.end ?? endOfMetricName(text, start, end);
  if (nameEnd > start && (nameEnd >= end || isBlank(text.charCodeAt(nameEnd))))
    return { value: quoted?.value ?? text.slice(start, nameEnd), end: nameEnd };
  const token = text.slice(start, endOfToken(text, start, end));
  // Prometheus takes the beginning for the name, passes over one byte, and takes the rest for the text.
  const isRead = text.charCodeAt(nameEnd) < 128 && (keyword === 'HELP' || TEXT_TYPES.has(text.slice(nameEnd + 1, end)));
  return {
    code: nameEnd > start && isRead ? 'missing-blank-after-name' : 'invalid-metric-name',
    at: nameEnd > start ? nameEnd : start,
    message: `${excerpt(token)} is not a metric name.`,
  };
}

function unescapeHelp(text: string, quotes: boolean): string {
  if (!text.includes('\\')) return text;
  return text.replace(quotes ? /\\([\\n"])/g : /\\([\\n])/g, (_, escaped: string) =>
    escaped === 'n' ? '\n' : escaped,
  );
}
