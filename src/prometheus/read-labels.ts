import { BACKSLASH, BRACE_CLOSE, COMMA, EQUALS, endOfLabelName, QUOTE, skipBlanks } from './characters.ts';
import type { Label } from './exposition.ts';
import type { FaultCode } from './fault-meanings.ts';
import { excerpt, type LineFault } from './faults.ts';
import type { Page } from './page.ts';

export interface LabelSet {
  readonly labels: readonly Label[];
  /** A metric name that stood quoted among the labels, as UTF-8 names must. */
  readonly quotedName: string | undefined;
  /** After the closing brace. */
  readonly end: number;
  /** No name among them is quoted, and no value holds an escape. */
  readonly plain: boolean;
}

/** Reads `name="value", …}` from just after the opening brace; what is odd in it is added to the page's odds. */
export function readLabels(page: Page, text: string, start: number, end: number): LabelSet | LineFault {
  const { odds, labelsBefore, scratch } = page;
  const isText = page.format === 'text';
  // OpenMetrics allows no blank between the braces, so there one stands where something else must.
  const skip = isText ? skipBlanks : stay;
  let count = 0;
  let quotedName: string | undefined;
  let names: Set<string> | undefined;
  let plain = true;
  // As long as the names are those of the sample before, none of them can stand twice.
  let aligned = true;
  let at = skip(text, start, end);
  while (true) {
    if (at >= end) return fault('unterminated-labels', at, 'The label set is not closed by a brace.');
    if (text.charCodeAt(at) === BRACE_CLOSE) return { labels: scratch.slice(0, count), quotedName, end: at + 1, plain };
    const nameAt = at;
    const before = labelsBefore[count];
    let name: string;
    if (before !== undefined && startsWithName(text, at, before.name)) {
      name = before.name;
      at += name.length;
    } else if (text.charCodeAt(at) === QUOTE) {
      const quoted = readQuoted(page, text, at, end, 'unterminated-name');
      if ('code' in quoted) return quoted;
      name = quoted.value;
      at = skip(text, quoted.end, end);
      const next = text.charCodeAt(at);
      if (at < end && (next === COMMA || next === BRACE_CLOSE)) {
        if (quotedName !== undefined)
          return fault('second-metric-name', nameAt, `The sample names a second metric, ${excerpt(name)}.`);
        if (name === '') return fault('invalid-metric-name', nameAt, 'A metric name must not be empty.');
        if (count > 0)
          odds.push(fault('metric-name-not-first', nameAt, 'A quoted metric name must come first among the labels.'));
        quotedName = name;
        if (next === COMMA) at = skip(text, at + 1, end);
        continue;
      }
      plain = false;
      if (name === '') return fault('invalid-label-name', nameAt, 'A label name must not be empty.');
    } else {
      const nameEnd = endOfLabelName(text, at, end);
      if (nameEnd === at)
        return fault('invalid-label-name', at, `A label name must start here, not ${excerpt(text.slice(at, at + 1))}.`);
      name = text.slice(at, nameEnd);
      at = skip(text, nameEnd, end);
    }
    if (at >= end || text.charCodeAt(at) !== EQUALS)
      return fault('missing-equals', at, `After the label name ${excerpt(name)} an equals sign must follow.`);
    at = skip(text, at + 1, end);
    if (at >= end || text.charCodeAt(at) !== QUOTE)
      return fault('missing-quote', at, `The value of the label ${excerpt(name)} must stand in double quotes.`);
    const isAsBefore = aligned && before !== undefined && name === before.name;
    if (isAsBefore && isValue(text, at + 1, before.value)) {
      scratch[count++] = before;
      at += before.value.length + 2;
    } else {
      const value = readQuoted(page, text, at, end, 'unterminated-label-value');
      if ('code' in value) return value;
      plain &&= value.plain;
      if (!isAsBefore) {
        aligned = false;
        if (count >= MANY_LABELS) names ??= new Set(scratch.slice(0, count).map((label) => label.name));
        if (name === '__name__')
          return fault(
            'reserved-label-name',
            nameAt,
            'The label name __name__ is reserved for the metric name itself.',
          );
        if (isKnown(name, scratch, count, names))
          return fault('duplicate-label', nameAt, `The label ${excerpt(name)} stands twice.`);
        if (name.startsWith('__'))
          odds.push(
            fault('internal-label-name', nameAt, `The label name ${excerpt(name)} begins as internal ones do.`),
          );
      }
      scratch[count++] = { name: isAsBefore ? name : page.keep(name), value: page.keep(value.value) };
      names?.add(name);
      at = value.end;
    }
    at = skip(text, at, end);
    const next = text.charCodeAt(at);
    if (at < end && next === COMMA) {
      at = skip(text, at + 1, end);
      if (!isText && text.charCodeAt(at) === BRACE_CLOSE)
        odds.push(fault('trailing-comma', at - 1, 'OpenMetrics allows no comma after the last label.'));
    } else if (at < end && next !== BRACE_CLOSE) {
      const missing = fault(
        'missing-comma',
        at,
        `After the value of the label ${excerpt(name)} a comma or a brace must follow.`,
      );
      if (!isText) return missing;
      odds.push(missing);
    }
  }
}

/** From here on a set is quicker than looking through the list; a hostile line can hold a million labels. */
const MANY_LABELS = 32;

function isKnown(
  name: string,
  labels: readonly Label[],
  count: number,
  names: ReadonlySet<string> | undefined,
): boolean {
  if (names !== undefined) return names.has(name);
  for (let index = 0; index < count; index++) if (labels[index]?.name === name) return true;
  return false;
}

function startsWithName(text: string, at: number, name: string): boolean {
  return text.charCodeAt(at + name.length) === EQUALS && text.startsWith(name, at);
}

function isValue(text: string, at: number, value: string): boolean {
  return text.charCodeAt(at + value.length) === QUOTE && text.startsWith(value, at);
}

function stay(_text: string, at: number): number {
  return at;
}

export interface Quoted {
  readonly value: string;
  /** After the closing quote. */
  readonly end: number;
  /** There is no escape in it. */
  readonly plain: boolean;
}

/** Reads a quoted string from its opening quote, with its three escapes undone. */
export function readQuoted(
  page: Page,
  text: string,
  start: number,
  end: number,
  unterminated: 'unterminated-name' | 'unterminated-label-value',
): Quoted | LineFault {
  let value = '';
  let from = start + 1;
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return { value: value + text.slice(from, at), end: at + 1, plain: from === start + 1 };
    if (code !== BACKSLASH) continue;
    // What stands after the line is no part of it.
    if (at + 1 >= end) break;
    const escaped = text[at + 1] ?? '';
    const meant = ESCAPES[escaped];
    if (meant === undefined)
      page.odds.push(fault('invalid-escape', at, `The escape \\${escaped} does not exist: \\\\, \\" and \\n do.`));
    value += text.slice(from, at) + (meant ?? `\\${escaped}`);
    at++;
    from = at + 1;
  }
  return fault(unterminated, start, 'The quote that opens here is not closed on this line.');
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', n: '\n' };

function fault(code: FaultCode, at: number, message: string): LineFault {
  return { code, at, message };
}
