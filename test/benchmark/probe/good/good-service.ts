/** A service as other teams write it, in which nothing is wrong that the benchmark knows of. */
export interface GoodService {
  readonly name: string;
  /** Language, libraries and their versions. */
  readonly madeOf: string;
  /** What was set otherwise than the libraries have it, because `probe` is right about it; shown on the page. */
  readonly configured?: string;
  /** Installs what is missing and starts it. Throws CannotRun where this machine lacks what it takes. */
  start(): Promise<RunningService>;
}

export interface RunningService {
  readonly url: string;
  /** What the command line needs beside the question. */
  readonly args?: readonly string[];
  /** All that it wrote to standard output so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Why a service of the benchmark cannot run on this machine: a language or a library is not to be had. */
export class CannotRun extends Error {}
