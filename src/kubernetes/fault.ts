import type { Path } from '../core/location.ts';

/** Something in an object that the API server refuses. */
export interface Fault {
  readonly path: Path;
  /** What is wrong, as a clause without its full stop: `the port is not between 1 and 65535`. */
  readonly what: string;
  /** Never the value itself where that may be a secret. */
  readonly observed: string;
  readonly expected: string;
  readonly fix?: string;
  /** The name that the last field of the path should have, where that is free. */
  readonly rename?: string;
  /** The object cannot even be read, so nothing else is known of it. */
  readonly unreadable?: true;
}
