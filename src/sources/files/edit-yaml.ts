import { isDeepStrictEqual } from 'node:util';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Path } from '../../core/location.ts';
import type { Change } from '../../core/mend.ts';
import { documentsOf, parseAnyYaml } from './yaml-objects.ts';

/** A change of one document of a text. */
export interface DocumentChange {
  /** From zero. */
  readonly document: number;
  readonly change: Change;
}

export type EditedText =
  | { readonly text: string }
  /** Why the text was left as it is: the end of a sentence. */
  | { readonly refused: string };

/**
 * Makes one change in a text of YAML or JSON. All but the lines of the change stay as they are: comments, quotes, order, line
 * ends. The result is read again, and refused where anything but the change has changed.
 */
export function editYaml(text: string, { document: index, change }: DocumentChange): EditedText {
  const before = parseAnyYaml(text);
  const document = documentsOf(text)[index];
  if (document === undefined || before.faults.length > 0) return { refused: 'the file cannot be read' };
  const edit = editOf(document, text, change);
  if ('refused' in edit) return edit;
  const edited = text.slice(0, edit.start) + edit.insert + text.slice(edit.end);
  const after = parseAnyYaml(edited);
  const wanted = before.documents.map((found) =>
    found.index === index ? { ...found, value: changed(found.value, change.path, change, edit.quoted) } : found,
  );
  if (after.faults.length > 0 || !isDeepStrictEqual(after.documents, wanted))
    return { refused: 'the change would touch more than it should' };
  return { text: edited };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
  /** The text that a quoted scalar had. */
  readonly quoted?: string;
}

type Answer = Edit | { readonly refused: string };

const SHARED = { refused: 'the place is shared with others by an anchor' } as const;
const OTHERWISE = { refused: 'the place is written in a way that is not edited' } as const;

function editOf(document: Document.Parsed, text: string, change: Change): Answer {
  const { steps, node } = walk(document, change.path);
  if (steps.some((step) => isAlias(step) || (step as { anchor?: string }).anchor !== undefined)) return SHARED;
  const isWhole = steps.length - 1 === change.path.length;
  switch (change.do) {
    case 'set':
      return isWhole ? replaceScalar(node, text, change.value) : insert(steps, change.path, change.value, text);
    case 'append':
      if (!isWhole) return insert(steps, change.path, [change.value], text);
      return isSeq(node) ? appendItem(node, text, change.value) : OTHERWISE;
    case 'quote': {
      if (!isWhole || !isScalar(node) || node.range == null) return OTHERWISE;
      const [start, end] = node.range;
      const quoted = text.slice(start, end);
      return { start, end, insert: JSON.stringify(quoted), quoted };
    }
    case 'rename': {
      const parent = steps.at(-2);
      const key = isMap(parent) ? pairOf(parent, change.path.at(-1))?.key : undefined;
      if (!isWhole || !isScalar(key) || key.range == null) return OTHERWISE;
      const [start, end] = key.range;
      return { start, end, insert: key.type === 'PLAIN' ? change.to : JSON.stringify(change.to) };
    }
  }
}

/** The nodes on the way, as far as they exist. */
function walk(
  document: Document.Parsed,
  path: Path,
): { readonly steps: readonly Node[]; readonly node: Node | undefined } {
  const steps: Node[] = document.contents === null ? [] : [document.contents as Node];
  for (const step of path) {
    const node = steps.at(-1);
    const next = isMap(node) ? pairOf(node, step)?.value : isSeq(node) ? node.items[Number(step)] : undefined;
    if (next === undefined || next === null) break;
    steps.push(next as Node);
  }
  return { steps, node: steps.at(-1) };
}

function pairOf(map: YAMLMap, step: string | number | undefined): Pair | undefined {
  return map.items.find(({ key }) => String(key instanceof Scalar ? key.value : key) === String(step));
}

function replaceScalar(node: Node | undefined, text: string, value: unknown): Answer {
  if (!isScalar(node) || node.range == null || typeof value === 'object') return OTHERWISE;
  const [start, end] = node.range;
  // Nothing stands behind the colon.
  if (start === end) return { start, end, insert: ` ${inFlow(value, false)}` };
  return { start, end, insert: inFlow(value, text[start] === '"') };
}

/** Writes what is missing below the last node that exists. */
function insert(steps: readonly Node[], path: Path, value: unknown, text: string): Answer {
  const missing = path.slice(steps.length - 1);
  const [key, ...deeper] = missing;
  const parent = steps.at(-1);
  if (typeof key !== 'string' || deeper.some((step) => typeof step === 'number')) return OTHERWISE;
  const nested = deeper.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
  if (isScalar(parent) && parent.value === null) return insertBelowKey(steps, path, { [key]: nested }, text);
  if (!isMap(parent) || parent.range == null) return OTHERWISE;
  return parent.flow === true
    ? insertInFlow(parent, text, key, nested)
    : insertInBlock(parent, text, { [key]: nested });
}

/** Behind the last line of a block. */
function insertInBlock(map: YAMLMap, text: string, field: object): Answer {
  const first = map.items[0]?.key as Node | undefined;
  const last = map.items.at(-1);
  if (first?.range == null || last === undefined) return OTHERWISE;
  return insertLines(
    text,
    lineEnd(text, endOf((last.value ?? last.key) as Node)),
    columnOf(text, first.range[0]),
    field,
  );
}

/** Below a key that has nothing behind it. */
function insertBelowKey(steps: readonly Node[], path: Path, field: object, text: string): Answer {
  const parent = steps.at(-2);
  const key = isMap(parent) && parent.flow !== true ? pairOf(parent, path[steps.length - 2])?.key : undefined;
  if (!isScalar(key) || key.range == null) return OTHERWISE;
  return insertLines(text, lineEnd(text, key.range[1]), columnOf(text, key.range[0]) + 2, field);
}

function insertLines(text: string, at: number, column: number, field: object): Answer {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = stringify(field, { lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map((line) => ' '.repeat(column) + line);
  const isOpen = at === text.length && !text.endsWith('\n');
  return { start: at, end: at, insert: isOpen ? eol + lines.join(eol) : lines.join(eol) + eol };
}

function insertInFlow(map: YAMLMap, text: string, key: string, value: unknown): Answer {
  const [start, end] = map.range ?? [0, 0];
  const last = map.items.at(-1);
  const first = map.items[0]?.key as Node | undefined;
  const isJson = first === undefined ? /^\s*[{[]/.test(text) : text[first.range?.[0] ?? 0] === '"';
  const field = `${isJson ? JSON.stringify(key) : key}: ${inFlow(value, isJson)}`;
  if (last === undefined || first?.range == null) return { start, end, insert: isJson ? `{${field}}` : `{ ${field} }` };
  const at = endOf((last.value ?? last.key) as Node);
  const before = text.slice(text.lastIndexOf('\n', first.range[0]) + 1, first.range[0]);
  const ownLine = /^\s*$/.test(before) && text.slice(start, end).includes('\n');
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { start: at, end: at, insert: ownLine ? `,${eol}${before}${field}` : `, ${field}` };
}

function appendItem(seq: YAMLSeq, text: string, value: string): Answer {
  const [start, end] = seq.range ?? [0, 0];
  const last = seq.items.at(-1) as Node | undefined;
  const isJson = last?.range != null && text[last.range[0]] === '"';
  if (seq.flow === true) {
    if (last === undefined) return { start, end, insert: `[${inFlow(value, isJson)}]` };
    const at = endOf(last);
    return { start: at, end: at, insert: `, ${inFlow(value, isJson)}` };
  }
  if (last === undefined) return OTHERWISE;
  const dash = text.lastIndexOf('-', last.range?.[0] ?? 0);
  const at = lineEnd(text, endOf(last));
  return insertLines(text, at, columnOf(text, dash), [value]);
}

/** Where the text of a node ends, comments behind it left out. */
function endOf(node: Node): number {
  const items = isMap(node) || isSeq(node) ? node.items : undefined;
  if (items === undefined || (node as YAMLMap).flow === true || items.length === 0) return node.range?.[1] ?? 0;
  const last = items.at(-1);
  const inner = isMap(node) ? ((last as Pair).value ?? (last as Pair).key) : last;
  return endOf(inner as Node);
}

/** The start of the next line. */
function lineEnd(text: string, from: number): number {
  if (text[from - 1] === '\n') return from;
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end + 1;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** A value on one line. */
function inFlow(value: unknown, isJson: boolean): string {
  if (isJson) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => inFlow(item, false)).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, part]) => `${key}: ${inFlow(part, false)}`)
      .join(', ')} }`;
  return stringify(value, { version: '1.1', defaultStringType: 'PLAIN' }).trimEnd();
}

/** What a value must be after a change. */
function changed(value: unknown, path: Path, change: Change, quoted: string | undefined): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    if (change.do === 'append') return [...((value as readonly unknown[] | null | undefined) ?? []), change.value];
    return change.do === 'quote' ? quoted : change.do === 'set' ? change.value : value;
  }
  if (Array.isArray(value))
    return value.map((item, index) => (index === Number(step) ? changed(item, rest, change, quoted) : item));
  const map = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (change.do === 'rename' && rest.length === 0)
    return Object.fromEntries(Object.entries(map).map(([key, part]) => [key === step ? change.to : key, part]));
  return { ...map, [step]: changed(map[step], rest, change, quoted) };
}
