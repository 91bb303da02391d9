import type { FactName } from './facts.ts';

/** Facts that a run observes only where an option asks for them: what needs one is no gap of the review without it. */
export const ASKED_FOR_BY_OPTION: ReadonlySet<FactName> = new Set<FactName>([
  'drift',
  'outageRun',
  'drainRun',
  'questionRun',
  'loadRun',
]);
