import type { FactName } from '../../core/facts.ts';

/**
 * The kinds that a rollout moves: what runs, what leads to it, what it waits for. Settings change when a person changes them, and
 * are read again from time to time instead.
 */
const WATCHED: ReadonlySet<FactName> = new Set<FactName>([
  'deployments',
  'statefulSets',
  'daemonSets',
  'jobs',
  'cronJobs',
  'barePods',
  'services',
  'endpointSlices',
  'ingresses',
  'gateways',
  'httpRoutes',
  'persistentVolumeClaims',
  'podDisruptionBudgets',
  'horizontalPodAutoscalers',
  'certificates',
  'databaseClusters',
]);

export function isWatched(fact: FactName): boolean {
  return WATCHED.has(fact);
}
