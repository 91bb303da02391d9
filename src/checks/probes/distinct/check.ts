import type { Verdict } from '../../../core/check.ts';
import { defineCheck } from '../../../core/check.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { describeProbe } from '../describe-probe.ts';
import { budgetSeconds, describeBudget } from '../probe-budget.ts';
import { probeTarget } from '../probe-target.ts';
import { servingContainers } from '../serving-containers.ts';

export const distinctCheck = defineCheck({
  id: 'probes/distinct',
  title: 'The liveness probe does not restart what the readiness probe should only take out of traffic',
  severity: 'warning',
  why: 'Where both probes ask the same question with the same patience, every outage of a dependency restarts all replicas at once, and a short outage becomes a long one.',
  how: 'In each container that has both, the probes ask something different (named ports are resolved to their numbers), or the liveness probe waits longer than the readiness probe: periodSeconds times failureThreshold, defaults included.',
  fix: 'Point the livenessProbe at an endpoint that looks at the process alone, such as /health/live, or give it several times the budget of the readinessProbe.',
  verify:
    'kubectl get deployment NAME -o jsonpath=\'{range .spec.template.spec.containers[*]}{.livenessProbe}{"\\n"}{.readinessProbe}{"\\n"}{end}\'',
  references: [
    'https://kubernetes.io/docs/concepts/workloads/pods/probes/',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes',
  ],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      servingContainers(facts, settings).flatMap((serving): readonly Verdict[] => {
        const { livenessProbe: live, readinessProbe: ready } = serving.container;
        if (live == null || ready == null) return [];
        const { subject, path, workload } = serving;
        const where = workload.resource.locate([...path, 'livenessProbe']);
        const same = probeTarget(live, serving) === probeTarget(ready, serving);
        if (!same || budgetSeconds(live) > budgetSeconds(ready))
          return [
            {
              outcome: 'pass',
              subject,
              message: same ? 'Liveness waits longer than readiness.' : 'The probes ask different questions.',
              where,
              observed: `liveness ${describeProbe(live)}, ${describeBudget(live)}; readiness ${describeProbe(ready)}, ${describeBudget(ready)}`,
            },
          ];
        return [
          {
            outcome: 'fail',
            subject,
            message: 'The liveness probe asks what the readiness probe asks, and gives up no later.',
            where,
            observed: `both ${describeProbe(ready)}; liveness after ${describeBudget(live)}, readiness after ${describeBudget(ready)}`,
            expected: `another endpoint, such as ${settings.paths.live}, or a budget above ${budgetSeconds(ready)} s`,
          },
        ];
      }),
      'No container that takes traffic has both probes.',
    ),
});
