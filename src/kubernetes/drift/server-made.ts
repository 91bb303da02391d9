import type { FieldPath } from './field-path.ts';

/** Fields of an object's metadata that people write. */
const OWN_METADATA: ReadonlySet<string> = new Set(['labels', 'annotations', 'finalizers', 'ownerReferences']);

/** What the server keeps for itself: nobody declares it, and where somebody does it says nothing. */
export function isServersOwn(path: FieldPath): boolean {
  const [first, second] = path;
  if (first === 'status' || first === 'apiVersion' || first === 'kind') return true;
  if (first === 'metadata') return second !== undefined && !OWN_METADATA.has(String(second));
  // Filled in by cert-manager and its like, whatever was written there.
  return path.at(-1) === 'caBundle';
}

/** Fields that the server, its controllers and its allocators fill in. */
const ALLOCATED: ReadonlySet<string> = new Set([
  'nodePort',
  'clusterIP',
  'clusterIPs',
  'ipFamilies',
  'ipFamilyPolicy',
  'healthCheckNodePort',
  'volumeName',
  'nodeName',
  'creationTimestamp',
  'finalizers',
  'ownerReferences',
]);

/** Annotations by which controllers keep their books, by prefix. */
const BOOKKEEPING = [
  'deployment.kubernetes.io/',
  'pv.kubernetes.io/',
  'volume.kubernetes.io/',
  'volume.beta.kubernetes.io/',
  'batch.kubernetes.io/',
  'control-plane.alpha.kubernetes.io/',
  'autoscaling.alpha.kubernetes.io/',
  'deprecated.daemonset.template.generation',
  'endpoints.kubernetes.io/',
  'meta.helm.sh/',
  'kubectl.kubernetes.io/last-applied-configuration',
];

/**
 * What Kubernetes' own types are given where nothing is written, by the name of the field
 * (https://github.com/kubernetes/kubernetes/tree/master/pkg/apis, the files defaults.go).
 */
const DEFAULTS: Readonly<Record<string, readonly unknown[]>> = {
  allocateLoadBalancerNodePorts: [true],
  apiGroup: ['', 'rbac.authorization.k8s.io'],
  apiVersion: ['v1'],
  automountServiceAccountToken: [true],
  concurrencyPolicy: ['Allow'],
  defaultMode: [420],
  divisor: ['0'],
  dnsPolicy: ['ClusterFirst'],
  enableServiceLinks: [true],
  expirationSeconds: [3600],
  externalTrafficPolicy: ['Cluster'],
  failureThreshold: [3],
  fsType: ['ext4'],
  internalTrafficPolicy: ['Cluster'],
  imagePullPolicy: ['IfNotPresent', 'Always'],
  kind: ['PersistentVolumeClaim'],
  maxSurge: ['25%'],
  maxUnavailable: ['25%', 1],
  minReadySeconds: [0],
  nodeAffinityPolicy: ['Honor'],
  nodeTaintsPolicy: ['Ignore'],
  optional: [false],
  partition: [0],
  pathType: ['ImplementationSpecific'],
  periodSeconds: [10],
  podManagementPolicy: ['OrderedReady'],
  preemptionPolicy: ['PreemptLowerPriority'],
  progressDeadlineSeconds: [600],
  protocol: ['TCP'],
  publishNotReadyAddresses: [false],
  replicas: [1],
  restartPolicy: ['Always'],
  revisionHistoryLimit: [10],
  schedulerName: ['default-scheduler'],
  scheme: ['HTTP'],
  sessionAffinity: ['None'],
  successThreshold: [1],
  suspend: [false],
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ['/dev/termination-log'],
  terminationMessagePolicy: ['File'],
  timeoutSeconds: [1],
  volumeMode: ['Filesystem'],
  whenDeleted: ['Retain'],
  whenScaled: ['Retain'],
};

/** Whether a field that only the cluster has is there by itself: a default, something that was allocated, a controller's note. */
export function isMadeByServer(path: FieldPath, value: unknown): boolean {
  const name = path.at(-1);
  if (isServersOwn(path) || value === null || isEmpty(value)) return true;
  if (typeof name !== 'string') return false;
  if (path.at(-2) === 'annotations') return BOOKKEEPING.some((prefix) => name.startsWith(prefix));
  if (ALLOCATED.has(name) || (name === 'status' && path.length > 1)) return true;
  if (path.at(-2) === 'labels' || path.at(-2) === 'data') return false;
  return Object.hasOwn(DEFAULTS, name) && (DEFAULTS[name] ?? []).includes(value);
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === '';
}
