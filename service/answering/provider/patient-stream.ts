import { ProviderError } from '../answerer.ts';

/**
 * Passes the pieces of a stream on, and gives up on one that stalls: `first` bounds the wait for the first piece, `idle` that
 * for each later one. Giving up calls `abandon`, for the library under it would wait for ever.
 */
export async function* patiently<T>(
  stream: AsyncIterable<T>,
  { firstMs, idleMs, abandon }: { readonly firstMs: number; readonly idleMs: number; readonly abandon: () => void },
): AsyncGenerator<T> {
  const pieces = stream[Symbol.asyncIterator]();
  let limit = firstMs;
  for (;;) {
    const piece = await within(pieces.next(), limit, abandon);
    if (piece.done === true) return;
    yield piece.value;
    limit = idleMs;
  }
}

function within<T>(work: Promise<T>, timeoutMs: number, abandon: () => void): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(() => {
    reject(new ProviderError('timeout', new Error(`no piece of the answer within ${timeoutMs} ms`)));
    abandon();
  }, timeoutMs);
  work.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}
