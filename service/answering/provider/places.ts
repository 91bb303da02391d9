/** Bounds how much is done at once, and how many wait for their turn. */
export interface Places {
  /**
   * Does the work as soon as there is a place. Rejects with NoPlace at once where nobody more may wait, and with the signal's
   * reason as soon as that aborts before the turn came.
   */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

interface PlacesTaken {
  readonly running: number;
  readonly waiting: number;
}

export class NoPlace extends Error {
  override readonly name = 'NoPlace';
}

/**
 * Cockatiel has a bulkhead too. But who gave up waiting keeps a place in its queue until the turn comes, and is not told before,
 * so a few slow calls and many impatient clients fill it; and it does the work in the context of whoever made room, so a call
 * would go into another request's trace.
 */
export function createPlaces(
  concurrency: number,
  queue: number,
  onChange: (taken: PlacesTaken) => void = () => {},
): Places {
  let running = 0;
  /** In the order of arrival. */
  const waiting = new Set<() => void>();
  const tell = () => onChange({ running, waiting: waiting.size });

  return {
    async run(work, signal) {
      signal.throwIfAborted();
      if (running < concurrency) running += 1;
      else if (waiting.size < queue) await turn(signal);
      else throw new NoPlace(`${concurrency} calls run and ${queue} wait`);
      tell();
      try {
        return await work();
      } finally {
        leave();
        tell();
      }
    },
  };

  function turn(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const begin = () => {
      end();
      resolve();
    };
    const giveUp = () => {
      end();
      tell();
      reject(signal.reason);
    };
    const end = () => {
      waiting.delete(begin);
      signal.removeEventListener('abort', giveUp);
    };
    waiting.add(begin);
    signal.addEventListener('abort', giveUp, { once: true });
    tell();
    return promise;
  }

  /** The place goes from hand to hand, so that nobody who has just come can take it before the one who waited. */
  function leave(): void {
    const [next] = waiting;
    if (next === undefined) running -= 1;
    else next();
  }
}
