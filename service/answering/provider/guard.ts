import { setTimeout as delay } from 'node:timers/promises';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { BreakerMetrics, BreakerState } from '../../telemetry/breaker-metrics.ts';
import { ProviderError } from '../answerer.ts';
import type { ProviderLimits } from './limits.ts';
import { createPlaces, NoPlace } from './places.ts';

/** Stands before the provider: few calls at once, none while it is known to be down, and another try where that may help. */
export interface Guard {
  /**
   * Rejects with ProviderError, at once where there is no room, the breaker is open, or another try could begin only after the
   * deadline, which is a time of `performance.now()`.
   */
  run<T>(call: () => Promise<T>, signal: AbortSignal, deadlineAt?: number): Promise<T>;
  /** Whether the last calls failed, by what callers have seen of the provider and by nothing else. */
  isFailing(): boolean;
}

const MAX_TRIES = 3;
const FIRST_PAUSE_MS = 200;
/** Faults that say something of the provider, and not of the question. */
const FAULTS: ReadonlySet<ProviderError['reason']> = new Set([
  'timeout',
  'rate_limited',
  'refused',
  'unavailable',
  'cut_off',
  'invalid',
]);
/** Faults that may be gone a moment later. */
const PASSING: ReadonlySet<ProviderError['reason']> = new Set(['rate_limited', 'unavailable', 'cut_off']);
const FAILING_AFTER = 3;

const STATES: Readonly<Partial<Record<CircuitState, BreakerState>>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Open]: 'open',
};

export function createGuard(limits: ProviderLimits, metrics: BreakerMetrics): Guard {
  const places = createPlaces(limits.concurrency, limits.queue, metrics.providerLoad);
  // By the monotonic clock. The library goes by the wall clock, which may jump back by an hour, so its own pause is none.
  let leftAloneUntil = 0;
  const leaveAlone = (forMs: number) => {
    leftAloneUntil = Math.max(leftAloneUntil, performance.now() + forMs);
  };
  const breaker = circuitBreaker(
    // A caller who leaves while one call finds out whether the provider is well has proved nothing.
    handleWhen((error) => isFault(error) || (breaker.state === CircuitState.HalfOpen && !isRejection(error))),
    { halfOpenAfter: Number.NEGATIVE_INFINITY, breaker: new ConsecutiveBreaker(limits.breakerFailures) },
  );
  breaker.onStateChange((state) => {
    if (state === CircuitState.Open) leaveAlone(limits.breakerPauseMs);
    const name = STATES[state];
    if (name !== undefined) metrics.breakerMoved(name);
  });
  let failuresInARow = 0;
  breaker.onSuccess(() => {
    failuresInARow = 0;
  });
  breaker.onFailure(({ handled }) => {
    if (handled) failuresInARow += 1;
  });

  return {
    isFailing: () => failuresInARow >= FAILING_AFTER || breaker.state !== CircuitState.Closed,
    async run(call, signal, deadlineAt = Number.POSITIVE_INFINITY) {
      try {
        return await places.run(async () => {
          await outlast(signal, deadlineAt);
          return tryAgain(call, signal, deadlineAt);
        }, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof NoPlace) throw new ProviderError('overloaded', error, { retryAfterMs: FIRST_PAUSE_MS });
        throw error;
      }
    },
  };

  /** Waits for the end of a pause that the provider asked others for, where that is near and leaves time for the answer. */
  async function outlast(signal: AbortSignal, deadlineAt: number): Promise<void> {
    const pauseMs = leftAloneUntil - performance.now();
    if (pauseMs <= 0 || pauseMs > limits.retryAfterCapMs || breaker.state !== CircuitState.Closed) return;
    if (leftAloneUntil >= deadlineAt) return;
    // Those who wait for the same end do not all come back at it, and nobody before it: timers may be early by a little.
    await delay(pauseMs + (0.1 + Math.random()) * FIRST_PAUSE_MS, undefined, { signal });
  }

  /** Why the provider is not called now, where it is not. A question that tries again has kept the provider's pause by itself. */
  function refuse(tries: number): ProviderError | undefined {
    const pauseMs = leftAloneUntil - performance.now();
    const isClosed = breaker.state === CircuitState.Closed;
    if (pauseMs > 0 && !(isClosed && tries > 1))
      return new ProviderError(isClosed ? 'rate_limited' : 'circuit_open', undefined, { retryAfterMs: pauseMs });
    // One call finds out whether the provider is well again. The library would let the others wait for it.
    if (breaker.state === CircuitState.HalfOpen)
      return new ProviderError('circuit_open', undefined, { retryAfterMs: limits.breakerPauseMs });
    return undefined;
  }

  /**
   * Tries again while nothing of the answer has been passed on, after the pause that the provider asked for if it is short.
   * What was refused here is not tried again: nobody has been asked, and the wait would keep a place from others.
   */
  async function tryAgain<T>(call: () => Promise<T>, signal: AbortSignal, deadlineAt: number): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const refusal = refuse(tries);
      if (refusal !== undefined) throw refusal;
      if (tries > 1) metrics.providerRetried();
      try {
        return await breaker.execute(call);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const { reason, spoken, retryAfterMs: asked = 0 } = error;
        if (asked > 0) leaveAlone(Math.min(asked, limits.maxPauseMs));
        if (spoken || !PASSING.has(reason) || tries === MAX_TRIES || asked > limits.retryAfterCapMs) throw error;
        // Many callers fail at the same moment, and must not come back at the same moment.
        const pauseMs = asked + FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random());
        if (performance.now() + pauseMs >= deadlineAt) throw error;
        await delay(pauseMs, undefined, { signal });
      }
    }
  }
}

function isFault(error: unknown): boolean {
  return error instanceof ProviderError && FAULTS.has(error.reason);
}

function isRejection(error: unknown): boolean {
  return error instanceof ProviderError && error.reason === 'rejected';
}
