import { classifyLine, type LineClass } from './log-line.ts';

/** What one writing of a logger left in the log: mostly a line, of a stack trace all of its lines. */
export interface Piece {
  /** Of its first line, from 0. */
  readonly start: number;
  readonly lines: number;
  readonly kind: LineClass;
}

type Dialect = 'python' | 'go' | 'other';

interface OpenStack {
  readonly dialect: Dialect;
  /** The line before said that another trace follows, which belongs to this one. */
  readonly isChained: boolean;
}

const CHAIN = /^(?:During handling of the above exception|The above exception was the direct cause)/;

/** What goes on with a stack trace, though alone it would be taken for something else or for the beginning of another. */
const CONTINUES: Readonly<Record<Dialect, RegExp>> = {
  python: /^\s+\S|^[A-Za-z_][\w.]*(?:Error|Exception|Warning|Exit|Interrupt)\b/,
  go: /^\s+\S|^goroutine \d+|^created by |^exit status \d+|^[\w./*-]+\.[\w.()*]+\(.*\)$/,
  other: /^\s+\S|^[}\]]|^Caused by: |^\.\.\. \d+ more|^Node\.js v\d/,
};

/** Takes the lines of a stream apart into what was written at one go; blank lines belong to nobody. */
export function piecesOf(lines: readonly string[]): readonly Piece[] {
  const pieces: { start: number; lines: number; kind: LineClass }[] = [];
  let open: OpenStack | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const last = pieces.at(-1);
    if (open !== undefined && last !== undefined && goesOn(open, line)) {
      last.lines++;
      open = { ...open, isChained: CHAIN.test(line) };
      continue;
    }
    const kind = classifyLine(line);
    pieces.push({ start: index, lines: 1, kind });
    open = kind === 'stack' ? { dialect: dialectOf(line), isChained: false } : undefined;
  }
  return pieces;
}

function goesOn({ dialect, isChained }: OpenStack, line: string): boolean {
  if (isChained && line.startsWith('Traceback ')) return true;
  return CONTINUES[dialect].test(line) || (dialect === 'python' && CHAIN.test(line));
}

function dialectOf(line: string): Dialect {
  if (line.startsWith('Traceback ')) return 'python';
  return /^(?:panic: |goroutine \d+)/.test(line) ? 'go' : 'other';
}
