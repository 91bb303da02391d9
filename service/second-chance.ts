import type { ProviderHealth } from './answering/ask.ts';

/** How long a replica is kept out of traffic for a failing provider, and how long it is let in again to find out. */
export const OUT_MS = 30_000;
export const CHANCE_MS = 10_000;

/**
 * Lets a failing provider be tried again from time to time. What is known of it comes from real questions alone, so a replica
 * that got none because of it would never learn that it has recovered.
 */
export function withSecondChance(
  health: () => ProviderHealth,
  now: () => number = () => performance.now(),
): () => ProviderHealth {
  let failingSince: number | undefined;
  return () => {
    if (!health().failing) {
      failingSince = undefined;
      return { failing: false };
    }
    failingSince ??= now();
    return { failing: (now() - failingSince) % (OUT_MS + CHANCE_MS) < OUT_MS };
  };
}
