import { safe } from '../reporters/layout.ts';
import type { Io, Output } from './io.ts';
import { clearLine, drawLine } from './live-line.ts';

/** Whoever waits longer than this is told what for. */
const PATIENCE_MS = 500;
const STEP_MS = 1_000;
/** Faster than this nobody reads. */
const REDRAW_MS = 100;

/**
 * Runs a command, and tells a person at a terminal after half a second what is being waited for, in one line on stderr, which gives way
 * to whatever else is written. Work that lets no timer run says by `at` what it is at.
 */
export async function withWaiting<T>(
  words: string,
  io: Io,
  work: (io: Io, at: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const { stdout, stderr, now } = io;
  const startedMs = now().getTime();
  let isDrawn = false;
  let drawnMs = 0;
  let detail = '';
  const draw = () => {
    const elapsedMs = now().getTime() - startedMs;
    if (elapsedMs < PATIENCE_MS) return;
    const what = safe(detail === '' ? words : `${words}: ${detail}`).replaceAll('\n', ' ');
    drawLine(stderr, `${Math.round(elapsedMs / 1000)} s ${what}`);
    isDrawn = true;
    drawnMs = elapsedMs;
  };
  const at = (current: string) => {
    detail = current;
    if (now().getTime() - startedMs - drawnMs >= REDRAW_MS) draw();
  };
  const clear = () => {
    if (isDrawn) clearLine(stderr);
    isDrawn = false;
  };
  const givenWay = (output: Output): Output => ({
    ...output,
    write: (text) => {
      clear();
      output.write(text);
    },
  });
  let timer: NodeJS.Timeout = setTimeout(function again() {
    draw();
    timer = setTimeout(again, STEP_MS).unref();
  }, PATIENCE_MS).unref();
  try {
    return await work({ ...io, stdout: givenWay(stdout), stderr: givenWay(stderr) }, at);
  } finally {
    clearTimeout(timer);
    clear();
  }
}
