import { setFlagsFromString } from 'node:v8';

/** From here on what is kept outweighs what a program needs to run at all. */
const MANY_FILES = 100;

/**
 * Keeps V8 from doubling the room for what is soon thrown away, since nearly all that is read is kept until it is told. A small run
 * is left alone: with a flag that was set, Node.js compiles anew what it brings along compiled.
 */
export function spareMemory(files: number): void {
  if (files > MANY_FILES) setFlagsFromString('--semi-space-growth-factor=1');
}
