import type { Probe } from '../../core/objects.ts';

/** Kubernetes' defaults for what a probe does not say. */
export const periodSeconds = (probe: Probe): number => probe.periodSeconds ?? 10;
export const timeoutSeconds = (probe: Probe): number => probe.timeoutSeconds ?? 1;
const failureThreshold = (probe: Probe): number => probe.failureThreshold ?? 3;

/** How long a probe may fail without a break before it has its effect. */
export function budgetSeconds(probe: Probe): number {
  return periodSeconds(probe) * failureThreshold(probe);
}

/** `30 s (3 × 10 s)`. */
export function describeBudget(probe: Probe): string {
  return `${budgetSeconds(probe)} s (${failureThreshold(probe)} × ${periodSeconds(probe)} s)`;
}
