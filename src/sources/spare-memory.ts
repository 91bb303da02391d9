import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from doubling, from here on, the room for what is soon thrown away, and lets it collect the rest when that has doubled
 * and not by several times: for large inputs, of which what is kept outweighs what a program needs to run at all. A small run is left alone: with a flag that was set, Node.js compiles anew what it brings along
 * compiled.
 */
export function spareMemory(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=100');
}
