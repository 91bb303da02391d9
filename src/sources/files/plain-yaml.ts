import type { Path } from '../../core/location.ts';

/** The documents of a text, and where their parts stand, as offsets. */
export interface PlainYaml {
  readonly values: readonly unknown[];
  offsetOf(document: number, path: Path): number;
}

/** What a plain scalar stands for. */
type Resolve = (scalar: string) => unknown;

/**
 * Reads the part of YAML that manifests are written in: block maps and sequences, scalars and flow collections on one line,
 * literal blocks, comments. Gives nothing for a text with anything else in it, right or wrong; the full parser reads that.
 */
export function readPlainYaml(text: string, resolve: Resolve): PlainYaml | undefined {
  if (BEYOND.test(text)) return undefined;
  try {
    return new Reader(text, resolve).read();
  } catch (error) {
    if (error === REFUSED) return undefined;
    throw error;
  }
}

/** Tabs, other line ends, control characters, half surrogates; directives, ends of documents, and documents on the line of their dashes. */
const BEYOND =
  /[^\n\x20-\x7e\xa0-\u2027\u202a-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|^(?:%|\.\.\.|---(?! *(?:$| #)))/mu;
const REFUSED = Symbol('not plain');
/** Deeper than any manifest, and far from the end of the stack. */
const MAX_DEPTH = 100;
/** What starts something else than a plain scalar. */
const INDICATORS = '?:,[]{}#&*!|>\'"%@`';

/** A key that a JavaScript object would not keep in its place. */
const INDEX = /^(?:0|[1-9]\d*)$/;

class Reader {
  private pos = 0;
  /** The column of the content at `pos`; -1 at the end of a document. */
  private indent = -1;
  private depth = 0;
  /** Where the parts of the maps and sequences stand, in their order: scalars themselves, the rest of a map by its key. */
  private readonly offsets: number[] = [];
  /** Where the parts of each begin among the offsets. */
  private readonly firstOf = new Map<object, number>();
  private readonly text: string;
  private readonly resolve: Resolve;

  constructor(text: string, resolve: Resolve) {
    this.text = text.endsWith('\n') ? text : refuse();
    this.resolve = resolve;
  }

  read(): PlainYaml {
    const values: unknown[] = [];
    const starts: number[] = [];
    const readDocument = () => {
      starts.push(this.pos);
      // Where an empty document stands is for the full parser to say.
      if (this.indent < 0) refuse();
      values.push(this.block());
      if (this.indent >= 0) refuse();
    };
    this.nextContent();
    if (this.indent >= 0) readDocument();
    while (this.pos < this.text.length) {
      this.pos = this.text.indexOf('\n', this.pos) + 1;
      this.nextContent();
      readDocument();
    }
    const { firstOf } = this;
    const offsets = Int32Array.from(this.offsets);
    return {
      values,
      offsetOf: (document, path) => {
        let offset = starts[document] ?? 0;
        let value = values[document];
        for (const step of path) {
          const first = firstOf.get(value as object);
          const position = first === undefined ? -1 : positionIn(value as object, step);
          if (first === undefined || position === -1) return offset;
          offset = offsets[first + position] ?? offset;
          value = (value as Record<string | number, unknown>)[step];
        }
        return offset;
      },
    };
  }

  /** Goes from the start of a line to the next content, past comments and empty lines, or to the dashes of the next document. */
  private nextContent(): void {
    const { text } = this;
    while (this.pos < text.length) {
      const start = this.pos;
      while (text[this.pos] === ' ') this.pos += 1;
      const char = text[this.pos];
      if (char !== '\n' && char !== '#') {
        this.indent = this.pos - start;
        if (this.indent === 0 && text.startsWith('---', start)) this.indent = -1;
        return;
      }
      this.pos = text.indexOf('\n', this.pos) + 1;
    }
    this.indent = -1;
  }

  private block(): unknown {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) refuse();
    const value = this.atDash() ? this.sequence(this.indent) : this.map(this.indent);
    this.depth -= 1;
    return value;
  }

  private atDash(): boolean {
    return this.text[this.pos] === '-' && this.isBlank(this.pos + 1);
  }

  private map(column: number): unknown {
    const map: Record<string, unknown> = {};
    const places: number[] = [];
    while (this.indent === column && !this.atDash()) {
      const at = this.pos;
      const key = this.key() ?? refuse();
      if (key in map) refuse();
      this.skipSpaces();
      let place = this.pos;
      if (this.endsHere()) {
        this.endLine();
        map[key] = this.indent > column || (this.indent === column && this.atDash()) ? this.block() : null;
      } else map[key] = this.inline(column);
      if (typeof map[key] === 'object' && map[key] !== null) place = at;
      places.push(place);
    }
    if (this.indent > column || (this.indent === column && this.text[this.pos] === '-')) refuse();
    this.keep(map, places);
    return map;
  }

  private sequence(column: number): unknown {
    const items: unknown[] = [];
    const places: number[] = [];
    while (this.indent === column && this.atDash()) {
      const line = this.pos - column;
      this.pos += 1;
      this.skipSpaces();
      let place = this.pos;
      if (this.endsHere()) {
        this.endLine();
        if (this.indent > column) {
          place = this.pos;
          items.push(this.block());
        } else items.push(null);
      } else if (this.atDash() || this.atKey()) {
        this.indent = this.pos - line;
        items.push(this.block());
      } else items.push(this.inline(column));
      places.push(place);
    }
    if (this.indent > column) refuse();
    this.keep(items, places);
    return items;
  }

  private keep(collection: object, places: readonly number[]): void {
    this.firstOf.set(collection, this.offsets.length);
    for (const place of places) this.offsets.push(place);
  }

  private atKey(): boolean {
    const { pos } = this;
    const found = this.key() !== undefined;
    this.pos = pos;
    return found;
  }

  /** Reads a key and its colon, where one stands. */
  private key(): string | undefined {
    const { text, pos } = this;
    const quote = text[pos];
    if (quote === '"' || quote === "'") {
      const key = this.quoted(quote);
      if (text[this.pos] !== ':' || !this.isBlank(this.pos + 1)) return undefined;
      this.pos += 1;
      return key === '__proto__' || INDEX.test(key) ? refuse() : key;
    }
    if (INDICATORS.includes(quote ?? '')) return undefined;
    let end = pos;
    while (text[end] !== '\n' && !(text[end] === ':' && this.isBlank(end + 1))) {
      if (text[end] === '#' && text[end - 1] === ' ') return undefined;
      end += 1;
    }
    if (text[end] === '\n') return undefined;
    const key = text.slice(pos, end);
    // Keys that are numbers or booleans are compared by what they stand for.
    if (key.endsWith(' ') || key.length > 1000 || key === '__proto__' || key === '<<' || this.resolve(key) !== key)
      refuse();
    this.pos = end + 1;
    return key;
  }

  /** Reads a value that starts on the line of its key or dash, and goes to the next content. */
  private inline(column: number): unknown {
    const char = this.text[this.pos];
    if (char === '|') return this.literal(column);
    let value: unknown;
    if (char === '"' || char === "'") value = this.quoted(char);
    else if (char === '[' || char === '{') value = this.flow();
    else value = this.plain();
    if (!this.isBlank(this.pos)) refuse();
    this.skipSpaces();
    if (!this.endsHere()) refuse();
    this.endLine();
    if (this.indent > column) refuse();
    return value;
  }

  private plain(): unknown {
    const { text, pos } = this;
    if (INDICATORS.includes(text[pos] ?? '') || this.atDash()) refuse();
    const line = text.slice(pos, text.indexOf('\n', pos));
    const comment = line.indexOf(' #');
    const scalar = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
    if (scalar.endsWith(':') || scalar.includes(': ')) refuse();
    this.pos += scalar.length;
    return this.resolve(scalar);
  }

  private quoted(quote: string): string {
    const { text } = this;
    const start = this.pos;
    let end = start + 1;
    while (text[end] !== quote || (quote === "'" && text[end + 1] === "'")) {
      if (end >= text.length || text[end] === '\n') refuse();
      end += text[end] === '\\' && quote === '"' ? 2 : text[end] === quote ? 2 : 1;
    }
    this.pos = end + 1;
    const inner = text.slice(start + 1, end);
    if (quote === "'") return inner.replaceAll("''", "'");
    if (!inner.includes('\\')) return inner;
    // The escapes that YAML and JSON share.
    if (!/^(?:[^\\]|\\["\\/bfnrt])*$/.test(inner)) refuse();
    return JSON.parse(text.slice(start, end + 1)) as string;
  }

  private literal(column: number): string {
    const { text } = this;
    this.pos += 1;
    const strip = text[this.pos] === '-';
    if (strip) this.pos += 1;
    if (text[this.pos] !== '\n') refuse();
    this.pos += 1;
    const lines: string[] = [];
    let content = -1;
    for (;;) {
      const end = text.indexOf('\n', this.pos);
      if (end < 0) break;
      let first = this.pos;
      while (text[first] === ' ') first += 1;
      const spaces = first - this.pos;
      if (first === end) {
        if (content < 0 || spaces > content) refuse();
        lines.push('');
      } else {
        if (content < 0) content = spaces;
        if (content <= column || spaces < content) break;
        lines.push(text.slice(this.pos + content, end));
      }
      this.pos = end + 1;
    }
    while (lines.at(-1) === '') lines.pop();
    if (lines.length === 0) refuse();
    this.nextContent();
    if (this.indent > column) refuse();
    return lines.join('\n') + (strip ? '' : '\n');
  }

  /** Reads a flow collection that ends on its line. */
  private flow(): unknown {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) refuse();
    const list = this.text[this.pos] === '[';
    const closing = list ? ']' : '}';
    const items: unknown[] = [];
    const map: Record<string, unknown> = {};
    const places: number[] = [];
    this.pos += 1;
    this.skipSpaces();
    while (this.text[this.pos] !== closing) {
      const at = this.pos;
      const key = list ? items.length : this.flowKey();
      if (!list && key in map) refuse();
      this.skipSpaces();
      const place = this.pos;
      const value = this.flowValue();
      if (list) items.push(value);
      else map[key] = value;
      places.push(typeof value === 'object' && value !== null ? at : place);
      this.skipSpaces();
      if (this.text[this.pos] === ',') {
        this.pos += 1;
        this.skipSpaces();
      } else if (this.text[this.pos] !== closing) refuse();
    }
    this.pos += 1;
    this.depth -= 1;
    this.keep(list ? items : map, places);
    return list ? items : map;
  }

  private flowKey(): string {
    const char = this.text[this.pos];
    const key = char === '"' || char === "'" ? this.quoted(char) : this.flowPlain();
    if (typeof key !== 'string' || key === '__proto__' || key === '<<' || INDEX.test(key)) return refuse();
    if (this.text[this.pos] !== ':') return refuse();
    this.pos += 1;
    return this.text[this.pos] === ' ' ? key : refuse();
  }

  private flowValue(): unknown {
    const char = this.text[this.pos];
    if (char === '"' || char === "'") return this.quoted(char);
    return char === '[' || char === '{' ? this.flow() : this.flowPlain();
  }

  /** A scalar of the characters that mean nothing else within a flow collection; a colon may stand inside it. */
  private flowPlain(): unknown {
    FLOW_PLAIN.lastIndex = this.pos;
    const scalar = FLOW_PLAIN.exec(this.text)?.[0] ?? refuse();
    this.pos += scalar.length;
    return this.resolve(scalar);
  }

  private isBlank(at: number): boolean {
    const char = this.text[at];
    return char === ' ' || char === '\n';
  }

  private skipSpaces(): void {
    while (this.text[this.pos] === ' ') this.pos += 1;
  }

  private endsHere(): boolean {
    const char = this.text[this.pos];
    return char === '\n' || (char === '#' && this.text[this.pos - 1] === ' ');
  }

  private endLine(): void {
    this.pos = this.text.indexOf('\n', this.pos) + 1;
    this.nextContent();
  }
}

const FLOW_PLAIN =
  /(?:[A-Za-z0-9_./$~+(]|-(?=[A-Za-z0-9_./-]))(?:[A-Za-z0-9_./$~+*@=()%<>;-]|:(?=[A-Za-z0-9_./])| (?=[A-Za-z0-9_./$<>-]))*/y;

/** Which of the parts of a collection a step leads to. */
function positionIn(collection: object, step: string | number): number {
  if (Array.isArray(collection)) return Number(step) in collection ? Number(step) : -1;
  let position = 0;
  for (const key in collection) {
    if (key === String(step)) return position;
    position += 1;
  }
  return -1;
}

function refuse(): never {
  throw REFUSED;
}
