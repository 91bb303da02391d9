import type { Judge } from './judges/judge.ts';
import type { Place, Remark } from './remark.ts';

/** What each judge said of an application at one time; a text says why one failed. */
export interface Said {
  readonly place: Place;
  readonly by: ReadonlyMap<Judge, readonly Remark[] | string>;
}

/** A judge that fails is told as such, and the others go on. */
export async function asked<T>(act: () => Promise<T>): Promise<T | string> {
  try {
    return await act();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
