import type { Question } from '../observe-activity.ts';

/** What is done to the service on purpose, each only where a person asks for it. */
export interface RunOptions {
  readonly outage?: OutageOptions;
  readonly drain?: DrainOptions;
  readonly load?: LoadOptions;
  /** Asks the question as one who reads along, and as one who goes away. */
  readonly question?: { readonly longestAnswerMs: number };
  /** Told what a command wrote, where it failed. */
  readonly tell: (text: string) => void;
}

export interface OutageOptions {
  /** A line for `sh -c` that takes a dependency away. */
  readonly command: string;
  /** A line for `sh -c` that gives it back; run whatever happens in between. */
  readonly recover: string;
  /** How long the dependency stays away at least, after readiness has said no. */
  readonly holdMs: number;
  /** How long readiness may take to say no, and yes again afterwards. */
  readonly boundMs: number;
}

export interface DrainOptions {
  /** The process that gets SIGTERM, or a line for `sh -c` that orders the service to stop. */
  readonly order: { readonly pid: number } | { readonly command: string };
  /** From the order to the end of the process. */
  readonly graceMs: number;
}

export interface LoadOptions {
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** The readiness endpoint where absent. */
  readonly request?: Question;
}
