import { defineCheck } from '../../../core/check.ts';
import { playing, ROLE_FACTS, rolesOf } from '../../../kubernetes/roles.ts';
import { containersOf } from '../../../kubernetes/workload.ts';
import { orNotApplicable } from '../../verdicts.ts';
import { describeProbe } from '../describe-probe.ts';

export const readinessProbeCheck = defineCheck({
  id: 'probes/readiness-probe',
  title: 'Each container that takes traffic has a readiness probe',
  severity: 'error',
  why: 'Without a readiness probe a pod receives requests from the moment its process starts, and keeps receiving them while its database is away.',
  how: 'Every main container with ports, in each workload that a Service selects, has a readinessProbe of its own. A probe on another container of the pod does not count, and jobs are not asked.',
  fix: "Add a readinessProbe with httpGet on the service's readiness path, such as /health/ready, and the name of its port.",
  verify: "kubectl get deployment NAME -o jsonpath='{.spec.template.spec.containers[*].readinessProbe}'",
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/'],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) =>
    orNotApplicable(
      playing('service', rolesOf(facts, settings))
        .flatMap(containersOf)
        .filter(({ role, container, workload }) => role === 'main' && takesTraffic(container, workload))
        .map(({ container, subject, path, workload }) => {
          const probe = container.readinessProbe;
          const where = workload.resource.locate([...path, 'readinessProbe']);
          return probe === undefined
            ? {
                outcome: 'fail',
                subject,
                message: 'The container takes traffic and has no readinessProbe.',
                where,
                observed: 'no readinessProbe',
                expected: `a readinessProbe, such as httpGet ${settings.paths.ready}`,
              }
            : {
                outcome: 'pass',
                subject,
                message: 'The container says when it can take traffic.',
                where,
                observed: describeProbe(probe),
              };
        }),
      'No workload takes traffic through a Service.',
    ),
});

/** The only container of a pod takes its traffic even where it declares no port: declaring ports is informational. */
function takesTraffic(
  container: { readonly ports?: readonly unknown[] },
  { spec }: { readonly spec: { readonly containers?: readonly unknown[] } },
): boolean {
  return (container.ports ?? []).length > 0 || (spec.containers ?? []).length === 1;
}
