import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const BIN = join(import.meta.dirname, '../../bin/qna-ready.ts');

/** The program as a process that goes on, and a way to wait for what it says next. */
export interface Speaker {
  readonly exited: Promise<number | null>;
  /** As Ctrl-C would. */
  stop(): void;
  /** Waits until it has said so on either stream, gives all up to there, and forgets it. Throws where it ends without. */
  says(pattern: RegExp): Promise<string>;
  /** All that it has said so far. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the program, and ends it with the test. */
export function listenTo(argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Speaker {
  const child: ChildProcess = spawn(process.execPath, [BIN, ...argv], { cwd, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let unheard = '';
  const whole = { stdout: '', stderr: '' };
  let wake = () => {};
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.on('data', (chunk: Buffer) => {
      whole[stream] += chunk.toString();
      unheard += chunk.toString();
      wake();
    });
  let isOver = false;
  const exited = new Promise<number | null>((done) =>
    child.on('close', (code) => {
      isOver = true;
      wake();
      done(code);
    }),
  );
  return {
    exited,
    stop: () => child.kill('SIGINT'),
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
    get stdout() {
      return whole.stdout;
    },
    get stderr() {
      return whole.stderr;
    },
  };
}
