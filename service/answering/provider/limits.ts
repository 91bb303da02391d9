/** What a call of the provider may take, and how many there may be. */
export interface ProviderLimits {
  readonly connectTimeoutMs: number;
  /** From the request to the first piece of the answer. */
  readonly firstTokenTimeoutMs: number;
  /** Between two pieces of the answer. */
  readonly idleTimeoutMs: number;
  /** From the request to the last piece. Less than a whole answer may take, so that there is time for another. */
  readonly wholeTimeoutMs: number;
  /** What an answer may have at most: it bounds what a question can cost. */
  readonly maxOutputTokens: number;
  /** Calls at once; more wait for their turn. */
  readonly concurrency: number;
  /** Calls that may wait; more are refused at once. */
  readonly queue: number;
  /** A question does not wait for a longer pause than this: it is answered without the provider. */
  readonly retryAfterCapMs: number;
  /** How long a provider that asks for a pause is left alone by all questions at most. */
  readonly maxPauseMs: number;
  /** Failures in a row after which nobody calls for a while. */
  readonly breakerFailures: number;
  readonly breakerPauseMs: number;
}

export const DEFAULT_LIMITS: ProviderLimits = {
  connectTimeoutMs: 3_000,
  firstTokenTimeoutMs: 20_000,
  idleTimeoutMs: 10_000,
  wholeTimeoutMs: 45_000,
  maxOutputTokens: 2_048,
  concurrency: 32,
  queue: 64,
  retryAfterCapMs: 5_000,
  maxPauseMs: 60_000,
  breakerFailures: 5,
  breakerPauseMs: 10_000,
};
