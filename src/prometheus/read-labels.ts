import { BACKSLASH, BRACE_CLOSE, COMMA, EQUALS, endOfLabelName, QUOTE, skipBlanks } from './characters.ts';
import type { Label } from './exposition.ts';
import { excerpt, type FaultCode } from './faults.ts';

/** Where a line stops being well-formed. */
export interface LineFault {
  readonly code: FaultCode;
  readonly at: number;
  readonly message: string;
}

export interface LabelSet {
  readonly labels: readonly Label[];
  /** A metric name that stood quoted among the labels, as UTF-8 names must. */
  readonly quotedName: string | undefined;
  /** After the closing brace. */
  readonly end: number;
  /** Escapes that the format does not know; Prometheus keeps such a backslash as it stands. */
  readonly oddEscapes: readonly LineFault[];
}

/** Reads `name="value", …}` from just after the opening brace. */
export function readLabels(text: string, start: number, end: number): LabelSet | LineFault {
  const labels: Label[] = [];
  const oddEscapes: LineFault[] = [];
  let quotedName: string | undefined;
  let names: Set<string> | undefined;
  let at = skipBlanks(text, start, end);
  while (true) {
    if (at >= end) return fault('unterminated-labels', at, 'The label set is not closed by a brace.');
    if (text.charCodeAt(at) === BRACE_CLOSE) return { labels, quotedName, end: at + 1, oddEscapes };
    const nameAt = at;
    let name: string;
    if (text.charCodeAt(at) === QUOTE) {
      const quoted = readQuoted(text, at, end, oddEscapes);
      if ('code' in quoted) return quoted;
      name = quoted.value;
      at = skipBlanks(text, quoted.end, end);
      const next = text.charCodeAt(at);
      if (at < end && (next === COMMA || next === BRACE_CLOSE)) {
        if (quotedName !== undefined || labels.length > 0)
          return fault(
            'invalid-label-name',
            nameAt,
            'A quoted metric name must come first among the labels, and once.',
          );
        quotedName = name;
        at = next === COMMA ? skipBlanks(text, at + 1, end) : at;
        continue;
      }
    } else {
      const nameEnd = endOfLabelName(text, at, end);
      if (nameEnd === at)
        return fault('invalid-label-name', at, `A label name must start here, not ${excerpt(text.slice(at, at + 1))}.`);
      name = text.slice(at, nameEnd);
      at = skipBlanks(text, nameEnd, end);
    }
    if (at >= end || text.charCodeAt(at) !== EQUALS)
      return fault('missing-equals', at, `After the label name ${excerpt(name)} an equals sign must follow.`);
    at = skipBlanks(text, at + 1, end);
    if (at >= end || text.charCodeAt(at) !== QUOTE)
      return fault('missing-quote', at, `The value of the label ${excerpt(name)} must stand in double quotes.`);
    const value = readQuoted(text, at, end, oddEscapes);
    if ('code' in value) return value;
    if (name === '__name__')
      return fault('reserved-label-name', nameAt, 'The label name __name__ is reserved for the metric name itself.');
    if (isKnown(name, labels, names))
      return fault('duplicate-label', nameAt, `The label ${excerpt(name)} stands twice.`);
    names?.add(name);
    labels.push({ name, value: value.value });
    if (labels.length === MANY_LABELS) names = new Set(labels.map((label) => label.name));
    at = skipBlanks(text, value.end, end);
    if (at < end && text.charCodeAt(at) === COMMA) at = skipBlanks(text, at + 1, end);
    else if (at < end && text.charCodeAt(at) !== BRACE_CLOSE)
      return fault(
        'missing-comma',
        at,
        `After the value of the label ${excerpt(name)} a comma or a brace must follow.`,
      );
  }
}

/** From here on a set is quicker than looking through the list; a hostile line can hold a million labels. */
const MANY_LABELS = 32;

function isKnown(name: string, labels: readonly Label[], names: ReadonlySet<string> | undefined): boolean {
  if (names !== undefined) return names.has(name);
  for (const label of labels) if (label.name === name) return true;
  return false;
}

export interface Quoted {
  readonly value: string;
  /** After the closing quote. */
  readonly end: number;
}

/** Reads a quoted string from its opening quote, with its three escapes undone. */
export function readQuoted(text: string, start: number, end: number, oddEscapes: LineFault[]): Quoted | LineFault {
  let value = '';
  let from = start + 1;
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return { value: value + text.slice(from, at), end: at + 1 };
    if (code !== BACKSLASH) continue;
    const escaped = text[at + 1] ?? '';
    const meant = ESCAPES[escaped];
    if (meant === undefined)
      oddEscapes.push(fault('invalid-escape', at, `The escape \\${escaped} does not exist: \\\\, \\" and \\n do.`));
    value += text.slice(from, at) + (meant ?? `\\${escaped}`);
    at++;
    from = at + 1;
  }
  return fault('unterminated-label-value', start, 'The quote that opens here is not closed on this line.');
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', n: '\n' };

function fault(code: FaultCode, at: number, message: string): LineFault {
  return { code, at, message };
}
