import type { ProviderLimits } from './limits.ts';

export type Budget = 'first token' | 'idle' | 'whole';

/** The time that is left for one call of the provider. */
export interface Budgets {
  /** Aborts when the caller does, or when a budget is spent. */
  readonly signal: AbortSignal;
  /** A piece of the answer has come. */
  progress(): void;
  /** Which budget was spent, where one was. */
  spent(): Budget | undefined;
  stop(): void;
}

/**
 * Watches one call. The library's own timeout ends with the head of the answer: a stream that stalls after it would be waited
 * for without end.
 */
export function startBudgets(
  { firstTokenTimeoutMs, idleTimeoutMs, wholeTimeoutMs }: ProviderLimits,
  caller: AbortSignal,
): Budgets {
  const cut = new AbortController();
  let spent: Budget | undefined;
  const spend = (budget: Budget) => () => {
    spent ??= budget;
    cut.abort(new Error(`the budget for ${budget} is spent`));
  };
  const whole = setTimeout(spend('whole'), wholeTimeoutMs);
  let next = setTimeout(spend('first token'), firstTokenTimeoutMs);
  let begun = false;
  return {
    signal: AbortSignal.any([caller, cut.signal]),
    progress() {
      // A timer that is made anew for each piece costs more than one that is wound up again.
      if (begun) next.refresh();
      else {
        clearTimeout(next);
        next = setTimeout(spend('idle'), idleTimeoutMs);
        begun = true;
      }
    },
    spent: () => spent,
    stop() {
      clearTimeout(whole);
      clearTimeout(next);
    },
  };
}
