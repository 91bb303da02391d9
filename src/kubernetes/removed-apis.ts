/** An API version that some release of Kubernetes stopped serving. */
export interface RemovedApi {
  readonly kind: string;
  readonly apiVersion: string;
  /** The first release without it. */
  readonly removedIn: string;
  readonly replacement: string;
  /** What changes beside the version, where something does. */
  readonly change?: string;
}

const INGRESS_CHANGE =
  'pathType is required, the backend is written as service.name and service.port, and spec.backend is spec.defaultBackend';
const WORKLOAD_CHANGE = 'spec.selector is required and cannot be changed afterwards';

/** The kinds that checks know, after the deprecation guide of kubernetes.io; nothing of them was removed from 1.26 to 1.37. */
const REMOVED: readonly RemovedApi[] = [
  ...['extensions/v1beta1', 'apps/v1beta1', 'apps/v1beta2'].flatMap((apiVersion) =>
    ['Deployment', 'DaemonSet', 'StatefulSet'].map((kind) => ({
      kind,
      apiVersion,
      removedIn: '1.16',
      replacement: 'apps/v1',
      change: WORKLOAD_CHANGE,
    })),
  ),
  removed('NetworkPolicy', 'extensions/v1beta1', '1.16', 'networking.k8s.io/v1'),
  removed('Ingress', 'extensions/v1beta1', '1.22', 'networking.k8s.io/v1', INGRESS_CHANGE),
  removed('Ingress', 'networking.k8s.io/v1beta1', '1.22', 'networking.k8s.io/v1', INGRESS_CHANGE),
  removed('IngressClass', 'networking.k8s.io/v1beta1', '1.22', 'networking.k8s.io/v1'),
  removed('CronJob', 'batch/v2alpha1', '1.21', 'batch/v1'),
  removed('CronJob', 'batch/v1beta1', '1.25', 'batch/v1'),
  removed(
    'PodDisruptionBudget',
    'policy/v1beta1',
    '1.25',
    'policy/v1',
    'an empty selector now selects every pod of the namespace',
  ),
  removed('HorizontalPodAutoscaler', 'autoscaling/v2beta1', '1.25', 'autoscaling/v2', 'metrics name their target'),
  removed('HorizontalPodAutoscaler', 'autoscaling/v2beta2', '1.26', 'autoscaling/v2'),
];

export function removedApi(object: { readonly apiVersion?: string; readonly kind: string }): RemovedApi | undefined {
  return REMOVED.find(({ kind, apiVersion }) => kind === object.kind && apiVersion === object.apiVersion);
}

function removed(
  kind: string,
  apiVersion: string,
  removedIn: string,
  replacement: string,
  change?: string,
): RemovedApi {
  return { kind, apiVersion, removedIn, replacement, ...(change === undefined ? {} : { change }) };
}
