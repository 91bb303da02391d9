import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import type { Facts } from '../../../core/facts.ts';
import type { PodDisruptionBudget } from '../../../core/objects.ts';
import type { Resource } from '../../../core/resource.ts';
import { budgetsOver } from '../../../kubernetes/budgets-over.ts';
import { fewestReplicas } from '../../../kubernetes/replicas.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { type Workload, workloadsOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { judgeBudget } from './judge-budget.ts';

const NEEDS = [...ROLE_FACTS, 'podDisruptionBudgets', 'horizontalPodAutoscalers'] as const;
type BudgetFacts = Pick<Facts, (typeof NEEDS)[number]>;

export const disruptionBudgetCheck = defineCheck({
  id: 'disruption/budget',
  title: 'A disruption budget keeps the service up during a drain, and lets the drain go on',
  severity: 'warning',
  why: 'Without a budget a node drain may evict every replica at once. With one that can never be met, or two over the same pods, no node can be drained at all.',
  how: 'Each workload that takes traffic and has two replicas or more is selected by exactly one PodDisruptionBudget of its namespace, by the real rules of selectors (an empty one selects every pod). Each budget selects pods and, with the fewest replicas that there may be, lets at least one of them go; percentages are rounded up, as the API does.',
  fix: 'Write one PodDisruptionBudget with maxUnavailable: 1 and the labels of the pod template; leave it out for a single replica.',
  verify: 'kubectl get poddisruptionbudget -o wide',
  references: [
    'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/',
  ],
  needs: NEEDS,
  evaluate: (facts, settings) => {
    const service = playing('service', rolesOf(facts, settings));
    const selected = new Map<Resource<PodDisruptionBudget>, Workload[]>(
      facts.podDisruptionBudgets.map((budget) => [budget, []]),
    );
    for (const workload of workloadsOf(facts).filter(({ serves }) => serves))
      for (const budget of budgetsOver(workload, facts.podDisruptionBudgets)) selected.get(budget)?.push(workload);
    return orNotApplicable(
      [
        ...service.flatMap((workload) => judgeCover(workload, facts)),
        ...[...selected].map(([budget, workloads]) => judgeBudget(budget, workloads, facts.horizontalPodAutoscalers)),
      ],
      'No workload with two replicas or more takes traffic, and there is no PodDisruptionBudget.',
    );
  },
});

function judgeCover(workload: Workload, facts: BudgetFacts): readonly Verdict[] {
  const { ref: subject, locate } = workload.resource;
  const fewest = fewestReplicas(workload, facts.horizontalPodAutoscalers);
  const budgets = budgetsOver(workload, facts.podDisruptionBudgets);
  if (fewest === undefined || (fewest.count < 2 && budgets.length < 2)) return [];
  const where = locate([...workload.specPath.slice(0, -1), 'metadata', 'labels']);
  const names = budgets.map(({ ref }) => ref).join(' and ');
  if (budgets.length === 1)
    return [{ outcome: 'pass', subject, message: 'One budget covers its pods.', where, observed: names }];
  return [
    {
      outcome: 'fail',
      subject,
      message:
        budgets.length === 0
          ? 'No PodDisruptionBudget covers its pods.'
          : 'More than one PodDisruptionBudget covers its pods, and the eviction API refuses that.',
      where,
      observed: budgets.length === 0 ? `${fewest.said}, no budget` : names,
      expected: 'one budget whose selector matches the labels of the pods',
    },
  ];
}
