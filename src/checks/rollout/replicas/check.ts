import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { fewestReplicas } from '../../../kubernetes/replicas.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { orNotApplicable } from '../../verdicts.ts';

export const replicasCheck = defineCheck({
  id: 'rollout/replicas',
  title: 'The service has two replicas or more, or an autoscaler that keeps so many',
  severity: 'warning',
  why: 'With one replica each node drain, eviction and crash is an outage, as long as the service takes to start.',
  how: 'Each Deployment or StatefulSet that a Service selects has replicas of 2 or more; where a HorizontalPodAutoscaler of the same namespace targets it by kind and name, its minReplicas counts instead. A DaemonSet is not asked.',
  fix: 'Set replicas: 2, or minReplicas: 2 on the autoscaler.',
  verify: 'kubectl get deployment,horizontalpodautoscaler',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas',
    'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/',
  ],
  needs: [...ROLE_FACTS, 'horizontalPodAutoscalers'],
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings)).flatMap((workload): readonly Verdict[] => {
        const fewest = fewestReplicas(workload, facts.horizontalPodAutoscalers);
        if (fewest === undefined) return [];
        const subject = workload.resource.ref;
        const where = fewest.resource.locate(fewest.path);
        const observed = fewest.said;
        return [
          fewest.count >= 2
            ? { outcome: 'pass', subject, message: 'The service survives the loss of one pod.', where, observed }
            : {
                outcome: 'fail',
                subject,
                message:
                  fewest.count === 0 ? 'The service is scaled to nothing.' : 'The service may run with one pod only.',
                where,
                observed,
                expected: 'at least 2',
              },
        ];
      }),
      'No Deployment or StatefulSet takes traffic through a Service.',
    ),
});
