import { onTestFinished } from 'vitest';
import { run } from '../../src/cli.ts';

/** The program as something that goes on, and a way to wait for what it says next. */
export interface Speaker {
  readonly exited: Promise<number>;
  /** As Ctrl-C would. */
  stop(): void;
  /** Waits until it has said so on either stream, gives all up to there, and forgets it. Throws where it ends without. */
  says(pattern: RegExp): Promise<string>;
  /** All that it has said so far. */
  stdout(): string;
  stderr(): string;
}

/** Starts the program in this process, and ends it with the test. */
export function listenTo(argv: readonly string[], cwd: string): Speaker {
  const interruption = new AbortController();
  onTestFinished(() => interruption.abort());
  const whole = { stdout: '', stderr: '' };
  let unheard = '';
  let isOver = false;
  let wake = () => {};
  const outputOf = (stream: keyof typeof whole) => ({
    write(text: string) {
      whole[stream] += text;
      unheard += text;
      wake();
    },
    isTTY: false,
    columns: undefined,
  });
  const exited = run(argv, {
    stdout: outputOf('stdout'),
    stderr: outputOf('stderr'),
    stdin: (async function* () {})(),
    env: { HOME: '/nowhere' },
    cwd,
    now: () => new Date(),
    signal: interruption.signal,
  }).finally(() => {
    isOver = true;
    wake();
  });
  return {
    exited,
    stop: () => interruption.abort(),
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(unheard);
        if (match !== null) {
          const before = unheard.slice(0, match.index + match[0].length);
          unheard = unheard.slice(before.length);
          return before;
        }
        if (isOver) throw new Error(`It ended without saying ${pattern}:\n${whole.stdout}\n${whole.stderr}`);
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    },
    stdout: () => whole.stdout,
    stderr: () => whole.stderr,
  };
}
