import { defineCheck } from '../../../core/check.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { judgePresence } from '../judge-presence.ts';

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
    judgePresence('readinessProbe', facts, settings, {
      present: 'The container says when it can take traffic.',
      missing: 'The container takes traffic and has no readinessProbe.',
      example: `httpGet ${settings.paths.ready}`,
    }),
});
