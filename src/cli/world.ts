import type { Io } from '../commands/io.ts';

/** What a person wants to be told while a command works. */
export interface RawTelling {
  readonly quiet: boolean;
  readonly progress: boolean;
}

/** The world of a command: with `--quiet` nothing but the report and what ended the run is told. */
export function worldFor({ quiet, progress }: RawTelling, io: Io): Io {
  if (quiet) return { ...io, progress: false, stderr: { ...io.stderr, write: () => {} } };
  return progress ? io : { ...io, progress: false };
}

/**
 * Runs a command in its world, and where a person sits at the terminal tells what is being waited for. The work can say what it is
 * `at`; whatever tells that costs a run in a pipe nothing.
 */
export async function inWorld(
  words: string,
  options: RawTelling,
  io: Io,
  work: (io: Io, at?: (detail: string) => void) => Promise<number>,
): Promise<number> {
  const world = worldFor(options, io);
  if (!world.stderr.isTTY || world.progress === false || io.env.TERM === 'dumb') return work(world);
  const { withWaiting } = await import('../commands/waiting.ts');
  return withWaiting(words, world, work);
}
