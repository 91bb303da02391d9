import { run } from '../../src/cli.ts';
import type { Terminal } from '../../src/commands/io.ts';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliWorld {
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly columns?: number;
  readonly isTTY?: boolean;
  /** Where messages go, apart from the report. */
  readonly errorIsTTY?: boolean;
  readonly now?: Date;
  readonly terminal?: Terminal;
  readonly signal?: AbortSignal;
}

/** Runs the program in this process, in a world of the test's own. */
export async function runCli(argv: readonly string[], world: CliWorld = {}): Promise<CliResult> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const now = world.now ?? new Date();
  const exitCode = await run(argv, {
    stdout: { write: (text) => void stdout.push(text), isTTY: world.isTTY ?? false, columns: world.columns },
    stderr: { write: (text) => void stderr.push(text), isTTY: world.errorIsTTY ?? false, columns: world.columns },
    stdin: streamOf(world.stdin ?? ''),
    // Nobody's kubeconfig: a test names its own.
    env: { HOME: '/nowhere', ...world.env },
    cwd: world.cwd ?? process.cwd(),
    // Time stands still, so that a slow machine makes no run a long one.
    now: () => now,
    signal: world.signal ?? new AbortController().signal,
    terminal: world.terminal,
  });
  return { exitCode, stdout: stdout.join(''), stderr: stderr.join('') };
}

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
