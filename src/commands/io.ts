import type { Readable, Writable } from 'node:stream';

/** Everything of the process that a command may touch, so that the program is a function of its arguments and this. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** How a person calls the program, where that is not `qna-ready`: `kubectl qna-ready`. */
  readonly calledAs?: string;
  now(): Date;
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** False where nobody wants to be told how a long run goes. */
  readonly progress?: boolean;
  /** The person in front of it; undefined where nobody can be asked. */
  readonly terminal?: Terminal | undefined;
}

/** What a question needs: keys one by one, and a screen that is not the report. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Terminal width; undefined where the output is no terminal. */
  readonly columns: number | undefined;
}
