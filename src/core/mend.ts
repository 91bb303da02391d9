import type { Path } from './location.ts';
import type { Resource } from './resource.ts';

/** A change of an object that needs no decision, and that a text can be given without being written anew. */
export type Change =
  /** Gives a field a value; what is missing on the way is made. */
  | { readonly do: 'set'; readonly path: Path; readonly value: unknown }
  /** Adds a value to a list, which is made where it is missing. */
  | { readonly do: 'append'; readonly path: Path; readonly value: string }
  /** Makes a string of what is written, as it is written. */
  | { readonly do: 'quote'; readonly path: Path }
  /** Gives a field another name. */
  | { readonly do: 'rename'; readonly path: Path; readonly to: string };

/** What mends a failure: changes of one object. */
export interface Mend {
  readonly resource: Resource;
  readonly changes: readonly Change[];
}
