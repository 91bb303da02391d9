import type { Role, RoleBinding } from './objects/access.ts';
import type { KubernetesObject } from './objects/common.ts';
import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, Secret, SecretRecipe } from './objects/data.ts';
import type { Monitor, PrometheusRule } from './objects/monitoring.ts';
import type {
  Certificate,
  EndpointSlice,
  Gateway,
  HTTPRoute,
  Ingress,
  IngressClass,
  Issuer,
  NetworkPolicy,
  Service,
} from './objects/network.ts';
import type { Node, StorageClass } from './objects/node.ts';
import type { Event, Pod } from './objects/pod.ts';
import type {
  CronJob,
  DaemonSet,
  Deployment,
  HorizontalPodAutoscaler,
  Job,
  PodDisruptionBudget,
  StatefulSet,
} from './objects/workloads.ts';

export type * from './objects/access.ts';
export type * from './objects/common.ts';
export type * from './objects/data.ts';
export type * from './objects/monitoring.ts';
export type * from './objects/network.ts';
export type * from './objects/node.ts';
export type * from './objects/pod.ts';
export type * from './objects/workloads.ts';

/** The kinds that belong to the cluster instead of to a service: only a cluster tells them. */
export type LiveKind = 'endpointSlices' | 'events' | 'nodes' | 'persistentVolumes' | 'storageClasses';

/** Which fact carries the objects of which kind. */
export interface KindFacts {
  readonly deployments: Deployment;
  readonly statefulSets: StatefulSet;
  readonly daemonSets: DaemonSet;
  readonly jobs: Job;
  readonly cronJobs: CronJob;
  /** Pods that no controller owns. */
  readonly barePods: Pod;
  readonly services: Service;
  readonly endpointSlices: EndpointSlice;
  readonly events: Event;
  readonly nodes: Node;
  readonly storageClasses: StorageClass;
  readonly ingresses: Ingress;
  readonly ingressClasses: IngressClass;
  readonly gateways: Gateway;
  readonly httpRoutes: HTTPRoute;
  readonly configMaps: ConfigMap;
  readonly secrets: Secret;
  readonly serviceAccounts: KubernetesObject;
  /** Role and ClusterRole. */
  readonly roles: Role;
  /** RoleBinding and ClusterRoleBinding. */
  readonly roleBindings: RoleBinding;
  readonly persistentVolumeClaims: PersistentVolumeClaim;
  readonly persistentVolumes: PersistentVolume;
  readonly networkPolicies: NetworkPolicy;
  readonly podDisruptionBudgets: PodDisruptionBudget;
  readonly horizontalPodAutoscalers: HorizontalPodAutoscaler;
  readonly certificates: Certificate;
  /** Issuer and ClusterIssuer. */
  readonly issuers: Issuer;
  readonly externalSecrets: SecretRecipe;
  readonly sealedSecrets: SecretRecipe;
  readonly serviceMonitors: Monitor;
  readonly podMonitors: Monitor;
  readonly prometheusRules: PrometheusRule;
  readonly databaseClusters: KubernetesObject;
  readonly backupSchedules: KubernetesObject;
}
