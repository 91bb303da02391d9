import type { Facts } from '../core/facts.ts';
import type { KindFacts, LiveKind } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';

/** Every fact that holds objects which people write. */
export const OBJECT_FACTS = [
  'deployments',
  'statefulSets',
  'daemonSets',
  'jobs',
  'cronJobs',
  'barePods',
  'services',
  'ingresses',
  'ingressClasses',
  'gateways',
  'httpRoutes',
  'configMaps',
  'secrets',
  'serviceAccounts',
  'roles',
  'roleBindings',
  'persistentVolumeClaims',
  'networkPolicies',
  'podDisruptionBudgets',
  'horizontalPodAutoscalers',
  'certificates',
  'issuers',
  'externalSecrets',
  'sealedSecrets',
  'serviceMonitors',
  'podMonitors',
  'prometheusRules',
  'databaseClusters',
  'backupSchedules',
] as const satisfies readonly Exclude<keyof KindFacts, LiveKind>[];

export function objectsOf(facts: Pick<Facts, (typeof OBJECT_FACTS)[number]>): readonly Resource[] {
  return OBJECT_FACTS.flatMap((name): readonly Resource[] => facts[name]);
}
