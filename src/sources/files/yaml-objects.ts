import {
  Document,
  type DocumentOptions,
  isAlias,
  isMap,
  isSeq,
  LineCounter,
  type Node,
  type ParseOptions,
  parseAllDocuments,
  Scalar,
  type ScalarTag,
  type SchemaOptions,
  type Tags,
} from 'yaml';
import type { Path } from '../../core/location.ts';
import { isTooDeep, TOO_DEEP } from './depth.ts';
import { type PlainYaml, readPlainYaml } from './plain-yaml.ts';

/** One YAML document read as kubectl reads it. */
export interface ParsedDocument {
  readonly value: unknown;
  /** Its number within the file, from zero; empty documents count. */
  readonly index: number;
}

export interface SyntaxFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export interface ParsedYaml {
  readonly documents: readonly ParsedDocument[];
  readonly faults: readonly SyntaxFault[];
  /** Absent where places cost another reading: see `locateInYaml`. */
  readonly locate?: LocateInYaml;
}

/** Tells where a path of a document stands. */
export type LocateInYaml = (document: number, path: Path) => { readonly line: number; readonly column: number };

/**
 * Reads every document of a text. kubectl reads YAML 1.1 through sigs.k8s.io/yaml, which follows go-yaml v2: `yes` and
 * `0777` are not strings there, while timestamps, base-60 numbers and binary stay what they look like: strings.
 */
export function parseYaml(text: string): ParsedYaml {
  const plain = readPlainYaml(text, resolvePlain);
  return plain === undefined
    ? parseAnyYaml(text)
    : {
        documents: plain.values.map((value, index) => ({ value, index })),
        faults: [],
        locate: locateByOffset(text, plain),
      };
}

/** Reads a text with the full parser, which is several times slower and knows the whole of YAML. */
export function parseAnyYaml(text: string): ParsedYaml {
  const control = CONTROL.exec(text);
  if (control !== null) return { documents: [], faults: [{ message: NO_CONTROLS, ...placeOf(text, control.index) }] };
  try {
    return parseDocuments(text);
  } catch (error) {
    // The library calls itself for each level.
    if (error instanceof RangeError) return { documents: [], faults: [{ message: TOO_DEEP, line: 1, column: 1 }] };
    throw error;
  }
}

/** What go-yaml refuses to read, whatever stands around it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;
const NO_CONTROLS = 'a control character stands here, and YAML allows it only as an escape in double quotes';

function parseDocuments(text: string): ParsedYaml {
  const lines = new LineCounter();
  const documents: ParsedDocument[] = [];
  const faults: SyntaxFault[] = [];
  for (const [index, document] of documentsOf(text, lines).entries()) {
    const error = document.errors[0];
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      const isDeep = /call stack/.test(error.message);
      faults.push({ message: isDeep ? TOO_DEEP : withoutQuotedInput(error.message), line, column: col });
      continue;
    }
    try {
      const value: unknown = document.toJS({ maxAliasCount: 100 });
      if (isTooDeep(value)) throw new Error(TOO_DEEP);
      documents.push({ value, index });
    } catch (cause) {
      const { line, col } = lines.linePos(document.contents?.range?.[0] ?? 0);
      faults.push({ message: cause instanceof Error ? cause.message : String(cause), line, column: col });
    }
  }
  return { documents, faults };
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** The library quotes the text that it stumbled over, which may be a secret. */
function withoutQuotedInput(message: string): string {
  return (message.split(/ at line \d+/)[0] ?? message).replace(/:? ".*"$/s, '').trim();
}

/** Finds where a path stands in a text, or its closest existing parent. Parses anew: positions are wanted for findings only. */
export function locateInYaml(text: string): LocateInYaml {
  const plain = readPlainYaml(text, resolvePlain);
  return plain === undefined ? locateInAnyYaml(text) : locateByOffset(text, plain);
}

function locateByOffset(text: string, { offsetOf }: PlainYaml): LocateInYaml {
  const lines = new LineCounter();
  for (let start = 0; start < text.length; start = text.indexOf('\n', start) + 1) lines.addNewLine(start);
  return (index, path) => {
    const { line, col } = lines.linePos(offsetOf(index, path));
    return { line, column: col };
  };
}

/** The same by the full parser. */
export function locateInAnyYaml(text: string): LocateInYaml {
  const lines = new LineCounter();
  const documents = documentsOf(text, lines);
  return (index, path) => {
    const document = documents[index];
    const { line, col } = lines.linePos(document === undefined ? 0 : offsetOf(document, path));
    return { line, column: col };
  };
}

const NOT_IN_GO_YAML = new Set([
  'tag:yaml.org,2002:timestamp',
  'tag:yaml.org,2002:binary',
  'tag:yaml.org,2002:omap',
  'tag:yaml.org,2002:pairs',
  'tag:yaml.org,2002:set',
]);

/** The library takes `e3` and `.` for numbers; go-yaml wants a digit first. By a text that only that rule of the library's knows. */
const FLOATS: readonly (readonly [text: string, test: RegExp])[] = [
  ['e3', /^[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)[eE][-+]?[0-9]+$/],
  ['.', /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/],
];

function withGoFloats(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || tag.collection !== undefined) return tag;
  const test = FLOATS.find(([text]) => tag.test?.test(text))?.[1];
  return test === undefined ? tag : { ...tag, test };
}

/** Not thrown away at the first fault, and never telling of one with the text around it. */
const OPTIONS = {
  logLevel: 'silent',
  prettyErrors: false,
  version: '1.1',
  uniqueKeys: true,
  customTags: (tags) =>
    tags
      .filter(
        (tag) =>
          typeof tag === 'string' || (!NOT_IN_GO_YAML.has(tag.tag) && !('format' in tag && tag.format === 'TIME')),
      )
      .map(withGoFloats),
} as const satisfies ParseOptions & DocumentOptions & SchemaOptions;

export function documentsOf(text: string, lineCounter = new LineCounter()): readonly Document.Parsed[] {
  const parsed = parseAllDocuments(text, { ...OPTIONS, lineCounter });
  return Array.isArray(parsed) ? parsed : [];
}

/** The rules by which the library tells what a plain scalar is, in their order. */
const SCALAR_TAGS = new Document(null, OPTIONS).schema.tags.filter(
  (tag): tag is ScalarTag => tag.default === true && 'test' in tag && tag.test !== undefined,
);

/** What a plain scalar stands for. No rule knows one that starts with another character than these. */
export function resolvePlain(scalar: string): unknown {
  if (!/^[-+.0-9~nNtTfFyYoOeE]/.test(scalar)) return scalar;
  const tag = SCALAR_TAGS.find(({ test }) => test?.test(scalar));
  if (tag === undefined) return scalar;
  const value = tag.resolve(scalar, () => undefined, {});
  return value instanceof Scalar ? value.value : value;
}

function offsetOf(document: Document.Parsed, path: Path): number {
  let node: Node | null | undefined = document.contents;
  let offset = node?.range?.[0] ?? document.range[0];
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair: { key: unknown; value: unknown } | undefined = node.items.find(
        ({ key }) => String(key instanceof Scalar ? key.value : key) === String(step),
      );
      if (pair === undefined) return offset;
      const value = pair.value as Node | null;
      const key = pair.key as Node | null;
      offset = (value instanceof Scalar ? value.range?.[0] : key?.range?.[0]) ?? offset;
      node = value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (item === undefined) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else return offset;
  }
  return offset;
}
