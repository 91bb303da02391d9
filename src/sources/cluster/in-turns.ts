import { bulkhead } from 'cockatiel';

/** Does something for each of a list, a few at a time; the results stand in the order of the list. */
export function inTurns<T, R>(
  list: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const few = bulkhead(atOnce, Number.POSITIVE_INFINITY);
  return Promise.all(list.map((item) => few.execute(() => work(item))));
}
