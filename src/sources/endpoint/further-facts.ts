import { authenticationFact } from './authentication.ts';
import { concurrentScrapesFact } from './concurrent-scrapes.ts';
import type { EndpointFact } from './endpoint-fact.ts';
import { httpAnswersFact } from './http-answers.ts';
import { requestLimitsFact } from './request-limits.ts';
import { RUN_FACTS } from './runs/index.ts';

/** Observed in this order, each with requests of its own; those that cost the service most come last. */
export const FURTHER_FACTS: readonly EndpointFact[] = [
  concurrentScrapesFact,
  httpAnswersFact,
  authenticationFact,
  requestLimitsFact,
  // Whatever else there is stands before these: after the order to stop nobody answers.
  ...RUN_FACTS,
];
