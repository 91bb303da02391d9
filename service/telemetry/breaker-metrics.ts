import type { Registry } from './prometheus.ts';

export const BREAKER_STATES = ['closed', 'half_open', 'open'] as const;

/** Reasons for which an answer may have to do without the model. */
const DEGRADING = [
  ...['timeout', 'rate_limited', 'refused', 'rejected'],
  ...['unavailable', 'invalid', 'cut_off', 'circuit_open'],
];

export type BreakerState = (typeof BREAKER_STATES)[number];

/** What keeps the service from calling a provider that fails, or too many times at once. */
export interface BreakerMetrics {
  breakerMoved(to: BreakerState): void;
  /** The call will be made once more. */
  providerRetried(): void;
  /** An answer was made without the model, for a reason of few kinds. */
  answerDegraded(reason: string): void;
  /** How many calls of the provider are being made, and how many wait for their turn. */
  providerLoad(load: { readonly running: number; readonly waiting: number }): void;
}

export function createBreakerMetrics(registry: Registry): BreakerMetrics {
  const state = registry.gauge({
    name: 'qna_provider_breaker_state',
    help: '1 for the state that the circuit breaker before the provider is in, 0 for the others.',
    labels: ['state'],
  });
  const moves = registry.counter({
    name: 'qna_provider_breaker_transitions_total',
    help: 'Changes of the circuit breaker, by the state that it went to.',
    labels: ['state'],
  });
  const retries = registry.counter({
    name: 'qna_provider_retries_total',
    help: 'Calls of the provider that were made once more because the first failed.',
  });
  const degraded = registry.counter({
    name: 'qna_degraded_answers_total',
    help: 'Answers that were made from the documents alone because the model could not be asked.',
    labels: ['reason'],
  });
  const calls = registry.gauge({
    name: 'qna_provider_calls',
    help: 'Calls of the provider now: running, or waiting for their turn.',
    labels: ['state'],
  });
  const show = (current: BreakerState) => {
    for (const name of BREAKER_STATES) state.set({ state: name }, name === current ? 1 : 0);
  };
  show('closed');
  for (const name of BREAKER_STATES) moves.add({ state: name }, 0);
  retries.add({}, 0);
  for (const reason of DEGRADING) degraded.add({ reason }, 0);
  const load: BreakerMetrics['providerLoad'] = ({ running, waiting }) => {
    calls.set({ state: 'running' }, running);
    calls.set({ state: 'waiting' }, waiting);
  };
  load({ running: 0, waiting: 0 });
  return {
    breakerMoved(to) {
      show(to);
      moves.add({ state: to });
    },
    providerRetried: () => retries.add({}),
    answerDegraded: (reason) => degraded.add({ reason }),
    providerLoad: load,
  };
}
