import { defineCheck } from '../../../core/check.ts';
import { ROLE_FACTS } from '../../../kubernetes/roles.ts';
import { judgePresence } from '../judge-presence.ts';

export const startupProbeCheck = defineCheck({
  id: 'probes/startup-probe',
  title: 'Each container that takes traffic has a startup probe',
  severity: 'note',
  why: 'Migrations, a cold image and a model that loads make a start much slower than the running service. Without a startup probe the liveness probe has to be lenient enough for the start, or it kills the container before it has begun.',
  how: 'Every main container with ports, in each workload that a Service selects, has a startupProbe of its own.',
  fix: 'Add a startupProbe on the liveness path, with periodSeconds times failureThreshold longer than the slowest start, and keep the liveness probe strict.',
  verify: "kubectl get deployment NAME -o jsonpath='{.spec.template.spec.containers[*].startupProbe}'",
  references: [
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes',
  ],
  needs: ROLE_FACTS,
  evaluate: (facts, settings) =>
    judgePresence('startupProbe', facts, settings, {
      present: 'A slow start has a budget of its own.',
      missing: 'The container takes traffic and has no startupProbe.',
      example: `httpGet ${settings.paths.live}`,
    }),
});
