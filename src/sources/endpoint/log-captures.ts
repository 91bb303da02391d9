import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readInput } from '../files/files-source.ts';
import type { LogCapture } from './read-logs.ts';

/** More than this is no capture of the last minutes. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** A stream that was silent for so long after the requests has told what it has to tell. */
const SILENCE_MS = 1000;
/** kubectl may need so long until its first line. */
const FIRST_LINE_MS = 5000;
const LOOK_MS = 50;
/** Nobody captures a file and asks so soon, unless it is still being written. */
const RECENT_MS = 10_000;

/** The lines of a file; it is live where it was written to shortly before this call, or is after it. */
export function fileCapture(name: string, path: string): LogCapture {
  const begun = sizeOf(path);
  const wasLive = Date.now() - writtenAt(path) < RECENT_MS;
  return { name, read: async () => readInput(path), isLive: () => wasLive || sizeOf(path) !== begun };
}

/**
 * The lines of a stream, which are read from this call on: `kubectl logs` ends by itself, and `kubectl logs -f` never does.
 */
export function streamCapture(name: string, stream: AsyncIterable<Uint8Array>): LogCapture {
  const decoder = new TextDecoder();
  let text = '';
  let hasEnded = false;
  let lastMs = performance.now();
  const reading = (async () => {
    for await (const chunk of stream) {
      lastMs = performance.now();
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MOST_CHARACTERS) break;
    }
  })();
  // Who ends the process closes the stream under this.
  reading
    .catch(() => {})
    .finally(() => {
      hasEnded = true;
    });
  return {
    name,
    async read() {
      const askedMs = performance.now();
      const isSilent = () => {
        const now = performance.now();
        const since = now - Math.max(lastMs, askedMs);
        return text === '' ? now - askedMs > FIRST_LINE_MS : since > SILENCE_MS;
      };
      while (!hasEnded && !isSilent()) await delay(LOOK_MS);
      return text;
    },
    // Another look would only wait for the silence again.
    isLive: () => false,
  };
}

/** Milliseconds since 1970; 0 where there is no such file, which reading it says. */
function writtenAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
