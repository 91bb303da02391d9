import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { systemReason } from './read-text.ts';

/** Editors write a file in several steps, and a checkout writes many files: what comes within this time is one change. */
const QUIET_MS = 50;

/**
 * Gives a value after each change of a file below some paths, once it is quiet again. A file is watched by its folder, since
 * many editors put another file into its place. Ends when the signal does.
 */
export function changesBelow(paths: readonly string[], cwd: string, signal: AbortSignal): AsyncIterable<void> {
  let wake: (() => void) | undefined;
  let isPending = false;
  let timer: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isPending = true;
      wake?.();
    }, QUIET_MS);
  };
  const watchers = paths.map((path): FSWatcher => {
    const absolute = resolve(cwd, path);
    const isFolder = statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
    try {
      const watcher = isFolder ? watch(absolute, { recursive: true }, changed) : watch(dirname(absolute), changed);
      // A folder that is gone has said so with a change already.
      return watcher.on('error', changed);
    } catch (error) {
      throw new UserError(`${path} cannot be watched: ${systemReason(error)}.`, {
        hint: 'Give a file or a folder that exists.',
        cause: error,
      });
    }
  });
  const close = () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
    wake?.();
  };
  signal.addEventListener('abort', close, { once: true });
  return (async function* () {
    while (!signal.aborted) {
      if (!isPending)
        await new Promise<void>((done) => {
          wake = done;
        });
      if (signal.aborted) return;
      isPending = false;
      yield;
    }
  })();
}
