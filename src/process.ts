import { basename } from 'node:path';
import { run } from './cli.ts';
import type { Output } from './commands/io.ts';

/** Runs the program in this process. The exit code is set, never forced: a forced exit would cut piped output short. */
export async function runProcess(): Promise<void> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  // A reader that has seen enough (head, less) closes the pipe; that is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    process.exitCode = await run(process.argv.slice(2), {
      stdout: outputOf(process.stdout),
      stderr: outputOf(process.stderr),
      stdin: process.stdin,
      env: process.env,
      cwd: process.cwd(),
      ...calledAs(process.argv[1]),
      now: () => new Date(),
      signal: interruption.signal,
      // Questions go to stderr, so that stdout stays what it is: the report.
      terminal:
        process.stdin.isTTY === true && process.stderr.isTTY === true
          ? { input: process.stdin, output: process.stderr }
          : undefined,
    });
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    // Whoever writes to us for ever (kubectl logs -f) keeps nobody waiting.
    process.stdin.destroy();
  }
}

/** kubectl runs `kubectl-qna_ready` for `kubectl qna-ready`. */
function calledAs(path = ''): { readonly calledAs?: string } {
  return basename(path) === 'kubectl-qna_ready' ? { calledAs: 'kubectl qna-ready' } : {};
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTTY: stream.isTTY === true,
    columns: stream.columns,
  };
}
