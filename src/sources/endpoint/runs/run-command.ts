import { spawn } from 'node:child_process';
import { maskSecrets } from '../../../core/secret-text.ts';

/** What a command came to: 0 is success; a word where it was ended from outside. */
export type Ended = number | string;

export interface CommandOptions {
  readonly command: string;
  readonly timeoutMs: number;
  /** Ends the command; absent for one that must be run to its end whatever happens. */
  readonly signal?: AbortSignal;
  /** Told what the command wrote, where it failed. */
  readonly tell: (text: string) => void;
}

const TOLD_CHARACTERS = 4000;

/**
 * Runs a line by `sh -c`, in a process group of its own: Ctrl-C at the terminal reaches us, and not the command that gives back what
 * was taken away.
 */
export function runCommand({ command, timeoutMs, signal, tell }: CommandOptions): Promise<Ended> {
  return new Promise((settle) => {
    const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let written = '';
    const keep = (chunk: Buffer) => {
      written = (written + chunk.toString('utf8')).slice(-TOLD_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    let word: string | undefined;
    const end = (why: string) => {
      word ??= why;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself meanwhile.
      }
    };
    const onAbort = () => end('interrupted');
    const timer = setTimeout(() => end('too slow'), timeoutMs);
    const finish = (ended: Ended) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      // A process that it left running keeps the pipes open; nobody waits for its words.
      child.stdout.destroy();
      child.stderr.destroy();
      if (ended !== 0) tell(`The command ${maskSecrets(command)} ended with ${ended}.\n${maskSecrets(written)}`);
      settle(ended);
    };
    child.once('error', (error) => finish(error.message));
    child.once('exit', (code, by) => finish(word ?? code ?? by ?? 'unknown'));
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
