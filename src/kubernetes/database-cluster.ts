import type { KubernetesObject } from '../core/objects.ts';
import type { Resource } from '../core/resource.ts';

/** A CloudNativePG Cluster, cut down to what checks read. */
export interface DatabaseCluster extends KubernetesObject {
  readonly spec?: {
    readonly instances?: number;
    readonly storage?: {
      readonly size?: string | number;
      readonly storageClass?: string;
      readonly pvcTemplate?: { readonly resources?: { readonly requests?: Readonly<Record<string, string | number>> } };
    };
  };
  readonly status?: { readonly lastSuccessfulBackup?: string };
}

/** CloudNativePG's ScheduledBackup and Velero's Schedule. */
export interface BackupSchedule extends KubernetesObject {
  readonly spec?: {
    readonly schedule?: string;
    readonly suspend?: boolean;
    readonly paused?: boolean;
    readonly cluster?: { readonly name?: string };
    readonly template?: { readonly includedNamespaces?: readonly string[] };
  };
}

export function asDatabaseClusters(resources: readonly Resource[]): readonly Resource<DatabaseCluster>[] {
  return resources as readonly Resource<DatabaseCluster>[];
}

export function asBackupSchedules(resources: readonly Resource[]): readonly Resource<BackupSchedule>[] {
  return resources as readonly Resource<BackupSchedule>[];
}

/** The label that CloudNativePG puts on the pods of a Cluster, with the Cluster's name. */
export const CLUSTER_LABEL = 'cnpg.io/cluster';
