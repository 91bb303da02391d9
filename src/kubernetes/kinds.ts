import type { FactName } from '../core/facts.ts';
import type { KindFacts, LiveKind } from '../core/objects.ts';

/** How one kind is named by the API. */
export interface Kind {
  readonly fact: FactName;
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  /** The version that is listed in a cluster. */
  readonly version: string;
  readonly plural: string;
  /** Versions that are read where the server does not have the newer one; what checks read of them is written alike. */
  readonly olderVersions?: readonly string[];
  readonly namespaced: boolean;
  /** The API server always has it; other groups can be absent, which then means that there are no such objects. */
  readonly builtIn: boolean;
}

type KindFact = keyof KindFacts;

/** Every kind that a fact carries. A second row for one fact means that both kinds are gathered in it. */
export const KINDS: readonly Kind[] = [
  builtIn('deployments', 'Deployment', 'apps', 'v1'),
  builtIn('statefulSets', 'StatefulSet', 'apps', 'v1'),
  builtIn('daemonSets', 'DaemonSet', 'apps', 'v1'),
  builtIn('jobs', 'Job', 'batch', 'v1'),
  builtIn('cronJobs', 'CronJob', 'batch', 'v1'),
  builtIn('barePods', 'Pod', '', 'v1'),
  builtIn('services', 'Service', '', 'v1'),
  builtIn('endpointSlices', 'EndpointSlice', 'discovery.k8s.io', 'v1'),
  builtIn('events', 'Event', '', 'v1'),
  { ...builtIn('nodes', 'Node', '', 'v1'), namespaced: false },
  { ...builtIn('storageClasses', 'StorageClass', 'storage.k8s.io', 'v1', 'storageclasses'), namespaced: false },
  builtIn('ingresses', 'Ingress', 'networking.k8s.io', 'v1', 'ingresses'),
  { ...builtIn('ingressClasses', 'IngressClass', 'networking.k8s.io', 'v1', 'ingressclasses'), namespaced: false },
  { ...custom('gateways', 'Gateway', 'gateway.networking.k8s.io', 'v1'), olderVersions: ['v1beta1'] },
  { ...custom('httpRoutes', 'HTTPRoute', 'gateway.networking.k8s.io', 'v1'), olderVersions: ['v1beta1'] },
  builtIn('configMaps', 'ConfigMap', '', 'v1'),
  builtIn('secrets', 'Secret', '', 'v1'),
  builtIn('serviceAccounts', 'ServiceAccount', '', 'v1'),
  builtIn('roles', 'Role', 'rbac.authorization.k8s.io', 'v1'),
  { ...builtIn('roles', 'ClusterRole', 'rbac.authorization.k8s.io', 'v1'), namespaced: false },
  builtIn('roleBindings', 'RoleBinding', 'rbac.authorization.k8s.io', 'v1'),
  { ...builtIn('roleBindings', 'ClusterRoleBinding', 'rbac.authorization.k8s.io', 'v1'), namespaced: false },
  builtIn('persistentVolumeClaims', 'PersistentVolumeClaim', '', 'v1'),
  { ...builtIn('persistentVolumes', 'PersistentVolume', '', 'v1'), namespaced: false },
  builtIn('networkPolicies', 'NetworkPolicy', 'networking.k8s.io', 'v1', 'networkpolicies'),
  builtIn('podDisruptionBudgets', 'PodDisruptionBudget', 'policy', 'v1'),
  builtIn('horizontalPodAutoscalers', 'HorizontalPodAutoscaler', 'autoscaling', 'v2'),
  custom('certificates', 'Certificate', 'cert-manager.io', 'v1'),
  custom('issuers', 'Issuer', 'cert-manager.io', 'v1'),
  { ...custom('issuers', 'ClusterIssuer', 'cert-manager.io', 'v1'), namespaced: false },
  { ...custom('externalSecrets', 'ExternalSecret', 'external-secrets.io', 'v1'), olderVersions: ['v1beta1'] },
  custom('sealedSecrets', 'SealedSecret', 'bitnami.com', 'v1alpha1'),
  custom('serviceMonitors', 'ServiceMonitor', 'monitoring.coreos.com', 'v1'),
  custom('podMonitors', 'PodMonitor', 'monitoring.coreos.com', 'v1'),
  custom('prometheusRules', 'PrometheusRule', 'monitoring.coreos.com', 'v1'),
  custom('databaseClusters', 'Cluster', 'postgresql.cnpg.io', 'v1'),
  custom('backupSchedules', 'ScheduledBackup', 'postgresql.cnpg.io', 'v1'),
  custom('backupSchedules', 'Schedule', 'velero.io', 'v1'),
];

export const KIND_FACTS: readonly KindFact[] = [...new Set(KINDS.map(({ fact }) => fact as KindFact))];

/** The kinds that only a cluster tells. */
export const LIVE_KINDS = [
  'endpointSlices',
  'events',
  'nodes',
  'persistentVolumes',
  'storageClasses',
] as const satisfies readonly LiveKind[];

/** Where some kinds lived before they had a group of their own. An object that is still written so must not go unseen. */
const LEGACY_GROUP = 'extensions';
const LEGACY_KINDS: ReadonlySet<string> = new Set(['Deployment', 'DaemonSet', 'Ingress', 'NetworkPolicy']);

/** The kind of an object as written, whatever the version of its group. */
export function kindOf(object: { readonly apiVersion?: string; readonly kind: string }): Kind | undefined {
  const group = groupOf(object.apiVersion);
  return (
    BY_NAME.get(`${object.kind}.${group}`) ??
    (group === LEGACY_GROUP ? KINDS.find(({ kind }) => LEGACY_KINDS.has(kind) && kind === object.kind) : undefined)
  );
}

const BY_NAME: ReadonlyMap<string, Kind> = new Map(KINDS.map((row) => [`${row.kind}.${row.group}`, row]));

/** `apps` of `apps/v1`, empty of `v1`. */
export function groupOf(apiVersion: string | undefined): string {
  const slash = apiVersion?.indexOf('/') ?? -1;
  return slash === -1 ? '' : (apiVersion as string).slice(0, slash);
}

/** The path of the list, in one namespace or in all. */
export function listPath(kind: Kind, namespace: string | undefined): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const scope = namespace === undefined || !kind.namespaced ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${kind.plural}`;
}

function builtIn(fact: KindFact, kind: string, group: string, version: string, plural?: string): Kind {
  return {
    fact: fact as FactName,
    kind,
    group,
    version,
    plural: plural ?? `${kind.toLowerCase()}s`,
    namespaced: true,
    builtIn: true,
  };
}

function custom(fact: KindFact, kind: string, group: string, version: string): Kind {
  return { ...builtIn(fact, kind, group, version), builtIn: false };
}
