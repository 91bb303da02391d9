import type { EndpointFact } from './endpoint-fact.ts';

/** Observed in this order, each with requests of its own; those that cost the service most come last. */
export const FURTHER_FACTS: readonly EndpointFact[] = [];
