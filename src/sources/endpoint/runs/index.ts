import type { EndpointFact } from '../endpoint-fact.ts';
import { drainFact } from './observe-drain.ts';
import { loadFact } from './observe-load.ts';
import { outageFact } from './observe-outage.ts';
import { questionFact } from './observe-question.ts';

/** What is done to a service on purpose, the mildest first: nothing can be asked of it after the order to stop. */
export const RUN_FACTS: readonly EndpointFact[] = [questionFact, loadFact, outageFact, drainFact];
