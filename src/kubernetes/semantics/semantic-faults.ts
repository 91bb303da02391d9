import type { SchemaVersion } from '../../core/api-schemas.ts';
import type { KubernetesObject } from '../../core/objects.ts';
import type { Fault } from '../fault.ts';
import { faultOfLabelKey } from '../names.ts';
import { autoscalerFaults } from './autoscaler.ts';
import { cronJobFaults, jobFaults } from './batch.ts';
import { claimSpecFaults } from './claim.ts';
import { configMapFaults, secretFaults } from './data.ts';
import { at, type Faults, type Field, isSet, refuse, textOf, unlessFine } from './field.ts';
import { ingressClassFaults, ingressFaults } from './ingress.ts';
import { selectorFaults } from './labels.ts';
import { metadataFaults } from './metadata.ts';
import { networkPolicyFaults } from './network-policy.ts';
import { persistentVolumeFaults } from './persistent-volume.ts';
import { podSpecFaults } from './pod.ts';
import { priorityClassFaults } from './priority-class.ts';
import { limitRangeFaults, quotaFaults } from './quota.ts';
import { bindingFaults, roleFaults } from './rbac.ts';
import { serviceFaults } from './service.ts';
import {
  daemonSetFaults,
  deploymentFaults,
  noMoreThanAll,
  portionFaults,
  statefulSetFaults,
  workloadFaults,
} from './workloads.ts';

type Rules = (field: Field, kubernetes: SchemaVersion) => Faults;

/** Rules by apiVersion and kind, over the spec or over the whole object. */
const OF_SPEC: Readonly<Record<string, Rules>> = {
  'apps/v1 Deployment': deploymentFaults,
  'apps/v1 StatefulSet': statefulSetFaults,
  'apps/v1 DaemonSet': daemonSetFaults,
  'apps/v1 ReplicaSet': (spec) => workloadFaults(spec),
  'v1 Pod': podSpecFaults,
  'batch/v1 Job': jobFaults,
  'batch/v1 CronJob': cronJobFaults,
  'v1 Service': serviceFaults,
  'networking.k8s.io/v1 Ingress': ingressFaults,
  'networking.k8s.io/v1 IngressClass': ingressClassFaults,
  'networking.k8s.io/v1 NetworkPolicy': networkPolicyFaults,
  'v1 PersistentVolumeClaim': claimSpecFaults,
  'v1 PersistentVolume': persistentVolumeFaults,
  'policy/v1 PodDisruptionBudget': budgetFaults,
  'autoscaling/v2 HorizontalPodAutoscaler': autoscalerFaults,
  'v1 ResourceQuota': quotaFaults,
  'v1 LimitRange': limitRangeFaults,
};
const OF_OBJECT: Readonly<Record<string, Rules>> = {
  'v1 ConfigMap': configMapFaults,
  'v1 Secret': secretFaults,
  'rbac.authorization.k8s.io/v1 Role': roleFaults,
  'rbac.authorization.k8s.io/v1 ClusterRole': roleFaults,
  'rbac.authorization.k8s.io/v1 RoleBinding': bindingFaults,
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': bindingFaults,
  'storage.k8s.io/v1 StorageClass': storageClassFaults,
  'scheduling.k8s.io/v1 PriorityClass': priorityClassFaults,
};

/**
 * What the API server's own code refuses in an object whose types are right: rules that stand in no schema. Names, labels and
 * annotations of the object itself are judged apart (`names.ts`).
 */
export function semanticFaults(
  object: KubernetesObject,
  isCustom: boolean,
  kubernetes: SchemaVersion,
): readonly Fault[] {
  const root: Field = { value: object, path: [] };
  const key = `${object.apiVersion ?? ''} ${object.kind}`;
  const ofSpec = OF_SPEC[key];
  return unique([
    ...metadataFaults(at(root, 'metadata'), isCustom || object.kind === 'PodDisruptionBudget'),
    ...(ofSpec?.(at(root, 'spec'), kubernetes) ?? []),
    ...(OF_OBJECT[key]?.(root, kubernetes) ?? []),
  ]);
}

/** k8s.io/kubernetes/pkg/apis/storage/validation, validateProvisioner. */
function* storageClassFaults(object: Field): Faults {
  const provisioner = at(object, 'provisioner');
  const name = textOf(provisioner).toLowerCase();
  if (name !== '') yield* unlessFine(provisioner, faultOfLabelKey(name), 'the name of a driver');
}

/** k8s.io/kubernetes/pkg/apis/policy/validation, ValidatePodDisruptionBudgetSpec. */
function* budgetFaults(spec: Field): Faults {
  const bounds = [at(spec, 'minAvailable'), at(spec, 'maxUnavailable')];
  if (bounds.every(isSet)) yield refuse(spec, 'both minAvailable and maxUnavailable are set', 'one of the two');
  for (const bound of bounds) {
    yield* portionFaults(bound);
    yield* noMoreThanAll(bound);
  }
  yield* selectorFaults(at(spec, 'selector'));
}

/** One place is told once, with the first thing that is wrong there. */
function unique(faults: readonly Fault[]): readonly Fault[] {
  const places = new Set<string>();
  return faults.filter(({ path }) => {
    const place = JSON.stringify(path);
    return places.has(place) ? false : places.add(place);
  });
}
