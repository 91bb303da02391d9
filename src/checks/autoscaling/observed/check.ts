import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Condition, HorizontalPodAutoscaler } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { orNotApplicable } from '../../verdicts.ts';

type Autoscaler = Resource<HorizontalPodAutoscaler>;
type Fault = Pick<Verdict, 'message' | 'observed' | 'expected' | 'where' | 'severity' | 'fix'>;

/** What the autoscaler says where nothing answers for the API that it reads its metrics from. */
const NO_METRICS_API =
  /could not find the requested resource|no metrics returned from|unable to fetch metrics from|server is currently unable to handle the request/;
/** Which API a failure to get a metric is about, by the condition's reason. */
const METRICS_APIS: Readonly<Record<string, readonly [api: string, served: string]>> = {
  FailedGetResourceMetric: ['metrics.k8s.io', 'metrics-server'],
  FailedGetContainerResourceMetric: ['metrics.k8s.io', 'metrics-server'],
  FailedGetPodsMetric: ['custom.metrics.k8s.io', 'prometheus-adapter or KEDA'],
  FailedGetObjectMetric: ['custom.metrics.k8s.io', 'prometheus-adapter or KEDA'],
  FailedGetExternalMetric: ['external.metrics.k8s.io', 'prometheus-adapter or KEDA'],
};

export const autoscalingObservedCheck = defineCheck({
  id: 'autoscaling/observed',
  title: 'Each autoscaler gets its metrics, scales, and has room to do so',
  severity: 'warning',
  why: 'An autoscaler that gets no metrics keeps the number of pods that it last had, and says so nowhere but in its own status. One that stands at its maximum has stopped to help.',
  how: 'The conditions of each HorizontalPodAutoscaler: AbleToScale and ScalingActive are not False, and ScalingLimited is not True for TooManyReplicas, which means that more pods are wanted than maxReplicas allows. Where a metrics API does not answer, it is named. An autoscaler that rests because its target was scaled to zero is not judged, and one without conditions yet is unknown.',
  fix: 'Read kubectl describe hpa: its last events say which metric is missing. See that the API which serves it is installed and answers, and that the pods request what is measured.',
  verify: 'kubectl describe hpa NAME; kubectl get apiservices | grep metrics',
  references: [
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale-walkthrough/#appendix-horizontal-pod-autoscaler-status-conditions',
    'https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/',
  ],
  only: ['cluster'],
  needs: ['horizontalPodAutoscalers'],
  evaluate: ({ horizontalPodAutoscalers }) =>
    orNotApplicable(horizontalPodAutoscalers.flatMap(judge), 'There is no HorizontalPodAutoscaler.'),
});

function judge(autoscaler: Autoscaler): readonly Verdict[] {
  const { object, ref: subject, locate } = autoscaler;
  const conditions = object.status?.conditions ?? [];
  const where = locate(['status', 'conditions']);
  if (conditions.length === 0)
    return [
      { outcome: 'unknown', subject, message: 'It has no conditions yet, so whether it scales cannot be said.', where },
    ];
  if (
    conditions.some(
      ({ type, status, reason }) => type === 'ScalingActive' && status === 'False' && reason === 'ScalingDisabled',
    )
  )
    return [
      {
        outcome: 'not-applicable',
        subject,
        message: 'Its target was scaled to zero, and it rests until that changes.',
        where,
      },
    ];
  const faults = conditions.flatMap((condition, index) => faultOf(condition, index, autoscaler));
  if (faults.length > 0) return faults.map((fault) => ({ outcome: 'fail', subject, ...fault }));
  const open = conditions.filter(({ type, status }) => DECISIVE.has(type) && status !== 'True');
  if (open.length > 0)
    return [
      {
        outcome: 'unknown',
        subject,
        message: 'It does not know yet whether it can scale.',
        where,
        observed: open.map(told).join('; '),
      },
    ];
  const { currentReplicas } = object.status ?? {};
  return [
    {
      outcome: 'pass',
      subject,
      message: 'It gets its metrics and can scale.',
      where,
      observed: `${currentReplicas ?? 'an unknown number of'} pods, at most ${object.spec?.maxReplicas ?? 'not said'}`,
    },
  ];
}

const DECISIVE: ReadonlySet<string> = new Set(['AbleToScale', 'ScalingActive']);

function faultOf(condition: Condition, index: number, { object, locate }: Autoscaler): readonly Fault[] {
  const { type, status, reason = '', message = '' } = condition;
  const where = locate(['status', 'conditions', index]);
  const observed = told(condition);
  if (DECISIVE.has(type) && status === 'False') {
    const [api, served] = METRICS_APIS[reason] ?? [];
    const isGone = api !== undefined && NO_METRICS_API.test(message);
    return [
      {
        message: isGone
          ? `It scales nothing at the moment, for nothing answers it for the metrics API ${api}.`
          : 'It scales nothing at the moment.',
        where,
        observed,
        expected: `${type} True`,
        ...(isGone
          ? { fix: `Install what serves ${api} (${served}), or see why it does not answer: kubectl get apiservices.` }
          : {}),
      },
    ];
  }
  if (type === 'ScalingLimited' && status === 'True' && reason === 'TooManyReplicas')
    return [
      {
        severity: 'warning',
        message: 'More pods are wanted than it may have.',
        where,
        observed: `${observed}, maxReplicas ${object.spec?.maxReplicas ?? 'not said'}`,
        expected: 'room below maxReplicas',
        fix: 'Raise maxReplicas as far as the database and the budget for the provider allow, or find out what the load is.',
      },
    ];
  return [];
}

function told({ type, status, reason, message }: Condition): string {
  return [`${type} ${status}`, reason, message].filter(Boolean).join(': ');
}
