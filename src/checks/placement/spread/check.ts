import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import { fewestReplicas } from '../../../kubernetes/replicas.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import type { Workload } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { rulesOf } from './rules.ts';

const NEEDS = [...ROLE_FACTS, 'horizontalPodAutoscalers'] as const;

export const spreadCheck = defineCheck({
  id: 'placement/spread',
  title: 'The replicas are told to keep apart',
  severity: 'warning',
  why: 'Replicas that happen to share a node are lost together with it; the scheduler spreads them by itself only when it is convenient.',
  how: 'Each workload that takes traffic and has two replicas or more has a topologySpreadConstraint or a podAntiAffinity term (required or preferred) whose labelSelector matches its own pods. A selector that is absent or matches other pods spreads nothing, and each such rule is named.',
  fix: 'Add topologySpreadConstraints over kubernetes.io/hostname and topology.kubernetes.io/zone, with the labels of the pod template as labelSelector.',
  verify: 'kubectl get pods -o wide; kubectl get deployment NAME -o yaml',
  references: [
    'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
    'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity',
  ],
  needs: NEEDS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).flatMap((workload) => judge(workload, facts)),
      'No workload with two replicas or more takes traffic through a Service.',
    ),
});

function judge(workload: Workload, facts: Pick<Facts, 'horizontalPodAutoscalers'>): readonly Verdict[] {
  const fewest = fewestReplicas(workload, facts.horizontalPodAutoscalers);
  if (fewest === undefined || fewest.count < 2) return [];
  const { resource, specPath } = workload;
  const subject = resource.ref;
  const rules = rulesOf(workload);
  const idle = rules.filter(({ fault }) => fault !== undefined);
  if (idle.length > 0)
    return idle.map(({ fault, at, observed }) => ({
      outcome: 'fail',
      subject,
      message: fault ?? '',
      where: resource.locate([...specPath, ...at]),
      observed,
      expected: `a topologyKey, and a labelSelector that matches ${JSON.stringify(workload.template.metadata?.labels ?? {})}`,
    }));
  const [first] = rules;
  if (first === undefined)
    return [
      {
        outcome: 'fail',
        subject,
        message: 'Nothing keeps the replicas apart.',
        where: resource.locate([...specPath, 'topologySpreadConstraints']),
        observed: `${fewest.said}, no topologySpreadConstraints and no podAntiAffinity`,
        expected: 'one of the two, over kubernetes.io/hostname',
      },
    ];
  return [
    {
      outcome: 'pass',
      subject,
      message: 'The replicas are told to keep apart.',
      where: resource.locate([...specPath, ...first.at]),
      observed: rules.map((rule) => rule.observed).join('; '),
    },
  ];
}
