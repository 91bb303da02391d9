import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Deployment, HorizontalPodAutoscaler } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { sameNamespace } from '../../../kubernetes/label-selector.ts';
import { workloadsNear } from '../../../kubernetes/near.ts';
import { containersOf, WORKLOAD_FACTS, type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';

/** What these can scale is read here; anything with a scale subresource may be a target. */
const KNOWN_TARGETS = new Set(['Deployment', 'StatefulSet']);

type Autoscaler = Resource<HorizontalPodAutoscaler>;
type Fault = Pick<Verdict, 'message' | 'observed' | 'expected' | 'where' | 'severity'>;

export const autoscalingTargetCheck = defineCheck({
  id: 'autoscaling/target',
  title: 'Each autoscaler has a target that it can scale, and nobody fights it',
  severity: 'warning',
  why: 'An autoscaler whose target does not exist, or whose pods request nothing, scales nothing and says so only in its status. A number of replicas in the manifest takes back its decision with every apply.',
  how: 'The target of each HorizontalPodAutoscaler exists; minReplicas is not above maxReplicas; where a resource is measured as a share, every container of the target requests it; the manifest of the target names no replicas. In a cluster replicas are not judged, since the API server fills them in. A target of another kind than Deployment or StatefulSet is not looked into.',
  fix: 'Correct scaleTargetRef, take replicas out of the target, and write requests for what is measured.',
  verify: 'kubectl describe hpa NAME',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/',
    'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling',
  ],
  needs: [...WORKLOAD_FACTS, 'horizontalPodAutoscalers'],
  evaluate: (facts) => {
    const workloads = workloadsOf(facts);
    return orNotApplicable(
      facts.horizontalPodAutoscalers.flatMap((autoscaler) => judge(autoscaler, workloads)),
      'There is no HorizontalPodAutoscaler.',
    );
  },
});

function judge(autoscaler: Autoscaler, workloads: readonly Workload[]): readonly Verdict[] {
  const { object, ref: subject, locate } = autoscaler;
  const { kind = '', name = '' } = object.spec?.scaleTargetRef ?? {};
  const where = locate(['spec', 'scaleTargetRef', 'name']);
  const observed = `${kind} ${name}`;
  if (!KNOWN_TARGETS.has(kind))
    return [{ outcome: 'unknown', subject, message: 'What it scales cannot be looked into.', where, observed }];
  const target = workloadsNear(workloads, object).find(
    (workload) => workload.kind === kind && workload.name === name && sameNamespace(workload.resource.object, object),
  );
  if (target === undefined)
    return [
      {
        outcome: 'fail',
        severity: 'error',
        subject,
        message: 'What it is to scale does not exist.',
        where,
        observed: `no ${kind} ${name}`,
        expected: `${kind} ${name} in the same namespace`,
      },
    ];
  const faults = [...boundFaults(autoscaler), ...requestFaults(autoscaler, target)];
  if (object.status === undefined) faults.push(...replicaFaults(target));
  if (faults.length === 0) return [{ outcome: 'pass', subject, message: 'It can scale its target.', where, observed }];
  return faults.map((fault) => ({ outcome: 'fail', subject, ...fault }));
}

function boundFaults({ object, locate }: Autoscaler): Fault[] {
  const { minReplicas: min = 1, maxReplicas: max } = object.spec ?? {};
  if (max === undefined || min <= max) return [];
  return [
    {
      severity: 'error',
      message: 'It is to keep more pods than it may have.',
      where: locate(['spec', 'minReplicas']),
      observed: `minReplicas ${min}, maxReplicas ${max}`,
      expected: 'minReplicas at most maxReplicas',
    },
  ];
}

/** A share is a share of the request. */
function requestFaults({ object, locate }: Autoscaler, target: Workload): readonly Fault[] {
  return (object.spec?.metrics ?? []).flatMap(({ resource }, index): readonly Fault[] => {
    if (resource?.target?.type !== 'Utilization') return [];
    const { name = '' } = resource;
    const silent = containersOf(target).find(
      ({ container: { resources }, role }) =>
        role !== 'init' && resources?.requests?.[name] === undefined && resources?.limits?.[name] === undefined,
    );
    if (silent === undefined) return [];
    return [
      {
        message: `It measures a share of the ${name} that is requested, and a container requests none.`,
        where: locate(['spec', 'metrics', index, 'resource']),
        observed: `no request of ${name} in ${silent.subject}`,
        expected: `resources.requests.${name} in every container`,
      },
    ];
  });
}

function replicaFaults({ resource }: Workload): readonly Fault[] {
  const replicas = (resource.object as Deployment).spec?.replicas;
  if (replicas === undefined) return [];
  return [
    {
      message: 'The manifest of its target names a number of pods, and every apply takes back what was decided.',
      where: resource.locate(['spec', 'replicas']),
      observed: `replicas ${replicas} of ${resource.ref}`,
      expected: 'no replicas',
    },
  ];
}
